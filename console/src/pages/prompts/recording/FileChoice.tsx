import { useEffect, useRef } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import { TEXTS } from "./texts";

export interface FileProps {
  /** No file is taken now. */
  shut: boolean;
  onFile: (file: Blob) => void;
}

/** A file by a button, or dropped anywhere on the page: else the browser would leave the page to show it. */
export function FileChoice({ shut, onFile }: FileProps) {
  const { say } = useSpeaker();
  const input = useRef<HTMLInputElement>(null);
  const now = useRef({ shut, onFile });
  now.current = { shut, onFile };
  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined && !now.current.shut) now.current.onFile(file);
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  }, []);
  return (
    <>
      <button type="button" aria-disabled={shut} onClick={() => shut || input.current?.click()}>
        {say(TEXTS.choose)}
      </button>
      <input
        ref={input}
        type="file"
        accept="audio/*"
        hidden
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          currentTarget.value = ""; // the same file may be chosen again
          if (file !== undefined) onFile(file);
        }}
      />
    </>
  );
}
