import { place } from "../../frame/place";
import { useStore } from "../../frame/store";
import { Found } from "./Found";
import { addressOf, searchIn } from "./search";
import { Story } from "./story/Story";

/** The address of the last search in this tab: a story leads back there. */
let latest = "/calls";

/** Calls of the present and the past: `/calls?caller=…` finds them, `/calls?call=ID` shows one. */
export default function Calls() {
  const { query } = useStore(place);
  const call = query.get("call");
  if (call !== null) return <Story key={call} id={call} back={latest} />;
  const search = searchIn(query);
  latest = addressOf(search);
  return <Found key={latest} search={search} />;
}
