// A piece of a text with what was found in it marked.
import type { Snippet } from "#gen/comity/v1/search_service_pb";
import { directionOf } from "../library";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Ranges count bytes of UTF-8. */
export function MarkedText({ snippet, lang }: { snippet: Snippet; lang: string }) {
  const bytes = encoder.encode(snippet.text);
  const text = (begin: number, end: number) => decoder.decode(bytes.subarray(begin, end));
  let at = 0;
  const pieces = snippet.matches.map(({ begin, end }) => {
    const before = text(at, begin);
    at = end;
    return (
      <>
        {before}
        <mark>{text(begin, end)}</mark>
      </>
    );
  });
  return (
    <p class="snippet" lang={lang || undefined} dir={directionOf(lang)}>
      {snippet.cutBefore && "… "}
      {pieces}
      {text(at, bytes.length)}
      {snippet.cutAfter && " …"}
    </p>
  );
}
