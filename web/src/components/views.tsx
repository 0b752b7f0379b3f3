// What a page shows while there is no answer: loading, failed, empty.
import type { ComponentChildren } from "preact";
import type { Failure } from "../client";
import { common } from "../common";
import type { Loaded } from "../load";

export function Loading() {
  return (
    <p class="loading" aria-busy="true">
      {common("loading")}
    </p>
  );
}

const failureKeys = {
  unreachable: "failedUnreachable",
  busy: "failedBusy",
  notFound: "failedNotFound",
  invalid: "failedInvalid",
  other: "failedOther",
} as const;

/** What went wrong, the server's words, and a way on. */
export function Failed({
  failure,
  retry,
  children,
}: {
  failure: Failure;
  retry?: () => void;
  children?: ComponentChildren;
}) {
  const again = failure.kind !== "notFound" && failure.kind !== "invalid";
  return (
    <div class="notice notice-error" role="alert">
      <p>
        <strong>{common(failureKeys[failure.kind])}</strong>
      </p>
      {failure.kind !== "unreachable" && failure.text && <p lang="en">{failure.text}</p>}
      {children}
      {retry && again && (
        <p>
          <button type="button" class="button" onClick={retry}>
            {common("retry")}
          </button>
        </p>
      )}
    </div>
  );
}

/** Shows an answer when there is one, else what stands in its way. */
export function Answer<Of>({
  loaded,
  retry,
  children,
}: {
  loaded: Loaded<Of>;
  retry?: () => void;
  children: (answer: Of) => ComponentChildren;
}) {
  if (loaded.state === "failed") {
    return retry ? <Failed failure={loaded.failure} retry={retry} /> : <Failed failure={loaded.failure} />;
  }
  if (loaded.answer === undefined) return loaded.state === "loading" ? <Loading /> : null;
  return (
    <div class={loaded.state === "loading" ? "stale" : undefined} aria-busy={loaded.state === "loading"}>
      {children(loaded.answer)}
    </div>
  );
}
