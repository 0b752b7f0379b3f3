// One question at a time: the answer of a call as a state that a page shows.
import { useEffect, useState } from "preact/hooks";
import { failureOf, type Failure, wasCancelled } from "./client";

export type Loaded<Answer> =
  | { state: "idle" | "loading"; answer?: Answer }
  | { state: "done"; answer: Answer }
  | { state: "failed"; failure: Failure; answer?: undefined };

/**
 * Asks again whenever `key` changes, and cancels what was asked before; asks
 * nothing while `key` is empty. The answer before stays while loading.
 */
export function useLoad<Answer>(
  key: string,
  ask: (signal: AbortSignal) => Promise<Answer>,
): [Loaded<Answer>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<Answer>>({ state: key ? "loading" : "idle" });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!key) {
      setLoaded({ state: "idle" });
      return;
    }
    const abort = new AbortController();
    setLoaded((before) =>
      before.answer === undefined
        ? { state: "loading" }
        : { state: "loading", answer: before.answer },
    );
    ask(abort.signal).then(
      (answer) => {
        if (!abort.signal.aborted) setLoaded({ state: "done", answer });
      },
      (error: unknown) => {
        if (!abort.signal.aborted && !wasCancelled(error))
          setLoaded({ state: "failed", failure: failureOf(error) });
      },
    );
    return () => abort.abort();
    // `ask` is made anew at every rendering; `key` says when it differs.
  }, [key, tries]);
  return [loaded, () => setTries((count) => count + 1)];
}
