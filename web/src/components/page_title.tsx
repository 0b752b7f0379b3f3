import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { common } from "../common";

/** The one h1 of a page, and the title of the document. */
export function PageTitle({
  title,
  lang,
  children,
}: {
  title: string;
  lang?: string | undefined;
  /** What stands below it. */
  children?: ComponentChildren;
}) {
  useEffect(() => {
    const site = common("siteName");
    document.title = title === site ? site : `${title} – ${site}`;
  });
  return (
    <div class="page-title">
      <h1>
        <span lang={lang}>{title}</span>
      </h1>
      {children}
    </div>
  );
}
