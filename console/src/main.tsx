import "./tokens.css";
import "./fonts.css";
import "./base.css";
import { render } from "preact";
import { App } from "./frame/App";
import { place } from "./frame/place";
import { applyTheme } from "./frame/theme";
import { watchVersion } from "./frame/version";
import { cameTo, start } from "./session/session";
import { applyLanguage } from "./texts/language";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no element #app");
applyTheme(document.documentElement);
applyLanguage(document.documentElement);
render(<App />, root);
watchVersion();
place.follow(() => cameTo(place.get().path));
void start();
