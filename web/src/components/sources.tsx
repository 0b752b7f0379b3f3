// Where a fact comes from, and how old that is.
import { SourceKind, type Source } from "#gen/comity/v1/common_pb";
import { common } from "../common";
import { ageOf, formatDay, today } from "../i18n";

const kindKeys = {
  [SourceKind.UNSPECIFIED]: undefined,
  [SourceKind.DEPOSITARY]: "sourceDepositary",
  [SourceKind.DEPOSITARY_COPY]: "sourceCopy",
  [SourceKind.NATIONAL_LAW]: "sourceLaw",
  [SourceKind.DRAFT_NATIONAL_LAW]: "sourceDraft",
  [SourceKind.FOREIGN_GAZETTE]: "sourceGazette",
  [SourceKind.ORGANISATION]: "sourceOrganisation",
  [SourceKind.REGISTER]: "sourceRegister",
  [SourceKind.DATABASE]: "sourceDatabase",
  [SourceKind.TREATY_TEXT]: "sourceTreaty",
  [SourceKind.EDITOR]: "sourceEditor",
  [SourceKind.SYNTHETIC]: "sourceSynthetic",
} as const;

/** `a third-party copy`; "" if not stated. */
export function kindOfSource(kind: SourceKind): string {
  const key = kindKeys[kind];
  return key ? common(key) : "";
}

/** The day that a source stands for; "" if it states none. */
export function dayOfSource(source: Source): string {
  return source.asOf || source.documentDate;
}

/** True a year after `day`, and where there is no day. */
export function isOld(day: string, on: string = today()): boolean {
  const full = day.length === 4 ? `${day}-12-31` : day.length === 7 ? `${day}-28` : day;
  return !(Date.parse(on) - Date.parse(full) < 365 * 864e5);
}

/** `as of 16 September 2010, 16 years ago`, marked where that is long. */
export function Age({ day, markOld = true }: { day: string; markOld?: boolean }) {
  if (!day) return <span class="age age-old">{common("ageUnknown")}</span>;
  const age = ageOf(day, today());
  const old = markOld && isOld(day);
  return (
    <span class={old ? "age age-old" : "age"}>
      {common("asOf", { day: formatDay(day) })}
      {age && ` (${common("ago", { age })})`}
    </span>
  );
}

/** An address of the web may be followed; any other is only shown. */
export function isWebAddress(uri: string): boolean {
  return /^https?:\/\//i.test(uri);
}

export function SourceLine({ source }: { source: Source }) {
  const name = source.document || source.uri;
  const kind = source.kindAsStated || kindOfSource(source.kind);
  return (
    <>
      {isWebAddress(source.uri) ? (
        <a href={source.uri} lang="en" rel="noreferrer external">
          {name}
        </a>
      ) : (
        <span lang="en">{name}</span>
      )}
      {source.place && (
        <>
          {", "}
          <span lang="en">{source.place}</span>
        </>
      )}
      {kind && ` – ${kind}`}
      {", "}
      <Age day={dayOfSource(source)} markOld={false} />
      {isWebAddress(source.via) && (
        <>
          , {common("taken")} <a href={source.via}>{source.via}</a>
        </>
      )}
      {source.note && (
        <>
          {". "}
          <span lang="en">{source.note}</span>
        </>
      )}
    </>
  );
}

/** Sources to unfold; nothing where there are none. */
export function Sources({ sources, open }: { sources: readonly Source[]; open?: boolean }) {
  if (sources.length === 0) return null;
  return (
    <details class="sources" open={open}>
      <summary>{common("sources", { count: sources.length })}</summary>
      <ul>
        {sources.map((source, at) => (
          <li key={at}>
            <SourceLine source={source} />
          </li>
        ))}
      </ul>
    </details>
  );
}
