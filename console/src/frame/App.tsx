import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SessionOut } from "../api/schema";

import { SignIn } from "../session/SignIn";
import { look, session } from "../session/session";
import { useSpeaker } from "../texts/language";
import { Banner } from "./Banner";
import { EmergencyBanner } from "./EmergencyBanner";
import { Header } from "./Header";
import { Notice } from "./Notice";
import { followLink, place } from "./place";
import { type Page, pageAt, pagesOf } from "./register";
import { ROLES } from "./roles";
import { SkipLink } from "./SkipLink";
import { useStore } from "./store";
import { TEXTS } from "./texts";

/** Milliseconds after which a service that did not answer is asked again. */
const AGAIN = 2_000;

export function App() {
  const now = useStore(session);
  const { say } = useSpeaker();
  useEffect(() => {
    if (now.kind !== "unreached") return;
    const timer = setInterval(() => void look(), AGAIN);
    return () => clearInterval(timer);
  }, [now.kind]);
  switch (now.kind) {
    case "asking":
      return <Notice>{say(TEXTS.loading)}</Notice>;
    case "unreached":
      return <Notice>{say(TEXTS.unreached)}</Notice>;
    case "nobody":
      return <SignIn why={now.why} />;
    case "signed-in":
      return <Frame who={now.who} />;
  }
}

function Frame({ who }: { who: SessionOut }) {
  const { path, query } = useStore(place);
  const { say, language } = useSpeaker();
  const shown = pageAt(path, who);
  useEffect(() => {
    document.title = `${shown ? `${say(shown.title)} · ` : ""}${say(TEXTS.wutong)}`;
  });
  if (pagesOf(who).length === 0) {
    const roles = who.roles.map((role) => say(ROLES[role])).join(language === "zh" ? "、" : ", ");
    return (
      <>
        <Header who={who} shown={null} />
        <Notice>{say(TEXTS.noPage, { roles })}</Notice>
      </>
    );
  }
  return (
    <>
      {!query.has("big") && <SkipLink />}
      {!query.has("big") && <Header who={who} shown={shown} />}
      <Banner />
      <EmergencyBanner />
      {shown ? <Loaded key={shown.name} page={shown} /> : <Nothing />}
    </>
  );
}

function Nothing() {
  const { say } = useSpeaker();
  return (
    <Notice>
      <p>{say(TEXTS.nothingHere)}</p>
      <a href="/" onClick={followLink}>
        {say(TEXTS.toStart)}
      </a>
    </Notice>
  );
}

/** A page, once its code is here. */
function Loaded({ page }: { page: Page }) {
  const { say } = useSpeaker();
  const [Content, setContent] = useState<ComponentType | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    page.load().then(
      (module) => setContent(() => module.default),
      () => setFailed(true),
    );
  }, [page]);
  if (failed) {
    return (
      <Notice>
        <p>{say(TEXTS.pageFailed)}</p>
        <button type="button" onClick={() => location.reload()}>
          {say(TEXTS.reload)}
        </button>
      </Notice>
    );
  }
  return Content ? <Content /> : <Notice>{say(TEXTS.loading)}</Notice>;
}
