/** Notes that the service does not have yet, by call. The tab keeps them over a reload, until they are saved. */

const PREFIX = "wutong.note.";
const OWNER = "wutong.notes-of";

export interface Drafts {
  /** This person uses the tab from now on: what somebody else has left is dropped. Answers whether it was somebody else. */
  belongTo(person: string): boolean;
  /** null: there is none. */
  get(call: string): string | null;
  keep(call: string, text: string): void;
  drop(call: string): void;
  calls(): string[];
}

/** Without a storage, or in one that is full, drafts last as long as the page. */
export function drafts(storage: Storage | null): Drafts {
  const here = new Map<string, string>();
  let owner = storage?.getItem(OWNER) ?? null;
  for (const key of storage === null ? [] : Object.keys(storage)) {
    if (key.startsWith(PREFIX)) here.set(key.slice(PREFIX.length), storage?.getItem(key) ?? "");
  }
  const tried = (write: () => void) => {
    try {
      write();
    } catch {
      // the page still has it
    }
  };
  const drop = (call: string) => {
    here.delete(call);
    tried(() => storage?.removeItem(PREFIX + call));
  };
  return {
    belongTo(person) {
      const another = owner !== null && owner !== person;
      if (another) for (const call of [...here.keys()]) drop(call);
      owner = person;
      tried(() => storage?.setItem(OWNER, person));
      return another;
    },
    get: (call) => here.get(call) ?? null,
    keep(call, text) {
      here.set(call, text);
      tried(() => storage?.setItem(PREFIX + call, text));
    },
    drop,
    calls: () => [...here.keys()],
  };
}

function storageOf(page: typeof globalThis): Storage | null {
  try {
    return page.sessionStorage ?? null;
  } catch {
    return null;
  }
}

export const unsaved = drafts(storageOf(globalThis));
