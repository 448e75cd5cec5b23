import { useSpeaker } from "../texts/language";
import { TEXTS } from "./texts";

/** For people at the keyboard: past the pages' names, to what the page shows. */
export function SkipLink() {
  const { say } = useSpeaker();
  const skip = () => {
    const main = document.querySelector("main");
    main?.setAttribute("tabindex", "-1");
    main?.focus();
  };
  return (
    <button type="button" class="skip" onClick={skip}>
      {say(TEXTS.skip)}
    </button>
  );
}
