/** Unsaved work that outlives a new login, within this tab of the browser. */
const PREFIX = "writ.kept.";

const keepers = new Map<string, () => unknown>();
let kept = false;

/** Says what is to be kept under a key when the page is left for a login. */
export function keeper(key: string, work: () => unknown): () => void {
  keepers.set(key, work);
  return () => keepers.delete(key);
}

/** Keeps all work, so that the page may be left without a question. */
export function keepWork(): void {
  keepers.forEach((work, key) => sessionStorage.setItem(PREFIX + key, JSON.stringify(work())));
  kept = true;
}

export function workIsKept(): boolean {
  return kept;
}

/** What was kept, once. */
export function takeKept<T>(key: string): T | undefined {
  const text = sessionStorage.getItem(PREFIX + key);
  sessionStorage.removeItem(PREFIX + key);
  return text === null ? undefined : (JSON.parse(text) as T);
}
