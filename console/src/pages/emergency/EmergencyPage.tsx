import sheet from "../../frame/Sheet.module.css";
import { Emergency } from "../tree/Emergency";

/** The emergency message, for everybody who may switch it. */
export default function EmergencyPage() {
  return (
    <main class={sheet.sheet}>
      <Emergency level="h1" />
    </main>
  );
}
