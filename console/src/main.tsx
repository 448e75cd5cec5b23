import "./api/colours.css";
import "./tokens.css";
import "./fonts.css";
import "./base.css";
import { render } from "preact";
import { App } from "./frame/App";
import { forgetQuery, place } from "./frame/place";
import { applyTheme } from "./frame/theme";
import { watchVersion } from "./frame/version";
import { cameTo, session, start } from "./session/session";
import { applyLanguage } from "./texts/language";

/** The name of the person who signed in to this page last; null: nobody has. */
let before: string | null = null;

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no element #app");
applyTheme(document.documentElement);
applyLanguage(document.documentElement);
session.follow(forAnother);
render(<App />, root);
watchVersion();
place.follow(() => cameTo(place.get().path));
void start();

/** The address of a search for calls has a citizen's number: it is not for who signs in next. */
function forAnother(): void {
  const now = session.get();
  if (now.kind !== "signed-in") return;
  if (before !== null && before !== now.who.name) forgetQuery();
  before = now.who.name;
}
