// The text of a law: its contents, and its provisions as one reads on.
import { useEffect, useRef, useState } from "preact/hooks";
import { LawStatus, Provision_Kind, type Expression, type Law, type Mapping, type Provision } from "#gen/comity/v1/law_pb";
import { ProvisionView } from "#gen/comity/v1/library_service_pb";
import { libraryService } from "../client";
import { Answer } from "../components/views";
import { allOf } from "../directory";
import { direction, language } from "../i18n";
import { directionOf, nameOfProvision, nameOfStatus, provisionOf } from "../library";
import { useLoad } from "../load";
import { fold } from "../states";
import { citationOf, copy, MappingLine } from "./law.facts";
import { t } from "./law.messages";

// The first screen is there at once, what follows in larger pieces.
const firstPage = 40;
const nextPage = 200;
// Entries of the contents that are shown at once.
const entriesMax = 250;

type Part = { provisions: Provision[]; next: string };

async function parts(parent: string, pageSize: number, pageToken: string, signal?: AbortSignal) {
  return (await libraryService()).listProvisions(
    { parent, pageSize, pageToken },
    signal ? { signal } : {},
  );
}

/** The first part; for a provision that lies further on, all until it. */
async function begin(parent: string, wanted: string, signal: AbortSignal): Promise<Part> {
  const provisions: Provision[] = [];
  let next = "";
  do {
    const page = await parts(parent, provisions.length === 0 ? firstPage : 1000, next, signal);
    provisions.push(...page.provisions);
    next = page.nextPageToken;
  } while (next && wanted && !provisions.some(({ name }) => provisionOf(name) === wanted));
  return { provisions, next };
}

/**
 * Heights of what was never drawn are guesses, so it takes some steps to get
 * there; the way back stops it.
 */
function scrollTo(id: string): () => void {
  let left = 30;
  let frame = 0;
  const step = () => {
    const target = document.getElementById(id);
    left -= 1;
    if (!target || left < 0) return;
    target.scrollIntoView({ block: "start", behavior: "instant" });
    frame = requestAnimationFrame(step);
  };
  step();
  const stop = () => cancelAnimationFrame(frame);
  addEventListener("wheel", stop, { once: true, passive: true });
  addEventListener("keydown", stop, { once: true });
  addEventListener("touchstart", stop, { once: true, passive: true });
  return stop;
}

export function Reader({
  law,
  expression,
  mappings,
}: {
  law: Law;
  expression: Expression;
  mappings: readonly Mapping[];
}) {
  const [wanted, setWanted] = useState(location.hash.slice(1));
  const [loaded, retry] = useLoad(`${expression.name} ${wanted}`, (signal) =>
    begin(expression.name, decodeURIComponent(wanted), signal),
  );
  useEffect(() => {
    const follow = () => setWanted(location.hash.slice(1));
    addEventListener("hashchange", follow);
    addEventListener("popstate", follow);
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("popstate", follow);
    };
  }, []);
  return (
    <div class="reader">
      <Contents expression={expression} />
      <Answer loaded={loaded} retry={retry}>
        {(part) => (
          <Provisions
            key={`${expression.name} ${wanted}`}
            part={part}
            law={law}
            expression={expression}
            mappings={mappings}
            wanted={decodeURIComponent(wanted)}
          />
        )}
      </Answer>
    </div>
  );
}

async function contentsOf(parent: string, signal: AbortSignal): Promise<Provision[]> {
  return allOf(async (pageToken) => {
    const page = await (await libraryService()).listProvisions(
      { parent, pageSize: 1000, pageToken, view: ProvisionView.CONTENTS },
      { signal },
    );
    return { items: page.provisions, next: page.nextPageToken };
  });
}

const groupings = new Set([
  Provision_Kind.BOOK,
  Provision_Kind.PART,
  Provision_Kind.TITLE,
  Provision_Kind.CHAPTER,
  Provision_Kind.DIVISION,
  Provision_Kind.SCHEDULE,
  Provision_Kind.HEADING,
]);

/** How deep each stands, by its parents. */
function depthsOf(provisions: readonly Provision[]): Map<Provision, number> {
  const byId = new Map<string, number>();
  const depths = new Map<Provision, number>();
  for (const one of provisions) {
    const depth = one.parent ? (byId.get(one.parent) ?? 0) + 1 : 0;
    byId.set(provisionOf(one.name), depth);
    depths.set(one, depth);
  }
  return depths;
}

function Contents({ expression }: { expression: Expression }) {
  const [loaded, retry] = useLoad(expression.name, (signal) => contentsOf(expression.name, signal));
  const [typed, setTyped] = useState("");
  const wide = matchMedia("(min-width: 60rem)").matches;
  return (
    <nav class="contents no-print" aria-label={t("contents")}>
      <details open={wide}>
        <summary>{t("contents")}</summary>
        <Answer loaded={loaded} retry={retry}>
          {(all) => <Entries all={all} typed={typed} onType={setTyped} lang={expression.language} />}
        </Answer>
      </details>
    </nav>
  );
}

function Entries({
  all,
  typed,
  onType,
  lang,
}: {
  all: readonly Provision[];
  typed: string;
  onType: (typed: string) => void;
  lang: string;
}) {
  const depths = depthsOf(all);
  const named = all.filter((one) => nameOfProvision(one));
  const word = fold(typed);
  let wanted = named;
  if (word) {
    wanted = named.filter((one) => one.number === typed.trim() || fold(nameOfProvision(one)).includes(word));
  } else if (named.length > entriesMax) {
    const grouped = named.filter((one) => groupings.has(one.kind));
    if (grouped.length > 0) wanted = grouped;
  }
  const shown = wanted.slice(0, entriesMax);
  const left = (word ? wanted.length : named.length) - shown.length;
  return (
    <>
      <div class="field">
        <label for="find-provision">{t("findProvision")}</label>
        <input
          id="find-provision"
          type="search"
          dir="auto"
          value={typed}
          onInput={(event) => onType(event.currentTarget.value)}
        />
      </div>
      <ol class="entries" lang={lang} dir={directionOf(lang)}>
        {shown.map((one) => (
          <li key={one.name} class={`depth-${Math.min(depths.get(one) ?? 0, 4)}`}>
            <a href={`#${provisionOf(one.name)}`}>{nameOfProvision(one)}</a>
          </li>
        ))}
      </ol>
      {left > 0 && <p class="muted small">{t("moreEntries", { count: left })}</p>}
    </>
  );
}

function Provisions({
  part,
  law,
  expression,
  mappings,
  wanted,
}: {
  part: Part;
  law: Law;
  expression: Expression;
  mappings: readonly Mapping[];
  wanted: string;
}) {
  const [more, setMore] = useState<Part>({ provisions: [], next: part.next });
  const [busy, setBusy] = useState(false);
  const end = useRef<HTMLDivElement>(null);
  const all = [...part.provisions, ...more.provisions];
  useEffect(() => {
    if (wanted) return scrollTo(wanted);
  }, [part, wanted]);
  const readOn = (pageSize: number) => {
    if (busy || !more.next) return;
    setBusy(true);
    parts(expression.name, pageSize, more.next)
      .then(
        (page) =>
          setMore({
            provisions: [...more.provisions, ...page.provisions],
            next: page.nextPageToken,
          }),
        () => {},
      )
      .finally(() => setBusy(false));
  };
  useEffect(() => {
    if (!end.current || !more.next) return;
    const near = new IntersectionObserver(
      (entries) => entries.some((one) => one.isIntersecting) && readOn(nextPage),
      { rootMargin: "1200px" },
    );
    near.observe(end.current);
    return () => near.disconnect();
  }, [more.next, busy]);
  return (
    <div>
      <div class="provisions" lang={expression.language} dir={directionOf(expression.language)}>
        {all.map((one) => (
          <OneProvision
            key={one.name}
            provision={one}
            law={law}
            expression={expression}
            mappings={mappings.filter(({ provision }) => provision === provisionOf(one.name))}
          />
        ))}
      </div>
      <div ref={end} class="reader-end">
        <p class="muted small">
          {t("shown", { count: all.length, total: expression.provisionCount })}
        </p>
        {more.next && (
          <button type="button" class="no-print" disabled={busy} onClick={() => readOn(1000)}>
            {t("further")}
          </button>
        )}
      </div>
    </div>
  );
}

function OneProvision({
  provision,
  law,
  expression,
  mappings,
}: {
  provision: Provision;
  law: Law;
  expression: Expression;
  mappings: readonly Mapping[];
}) {
  const id = provisionOf(provision.name);
  const name = nameOfProvision(provision);
  const lang = provision.language || undefined;
  const isGroup = groupings.has(provision.kind);
  const Heading = isGroup ? "h3" : "h4";
  const said = provision.label || provision.heading || id;
  return (
    <article id={id} class={isGroup ? "provision provision-group" : "provision"}>
      <div class="provision-text">
        {name && (
          <Heading lang={lang} dir={lang ? directionOf(lang) : undefined}>
            {name}
          </Heading>
        )}
        {provision.status === LawStatus.REPEALED && (
          <p>
            <span class="tag tag-warn">{nameOfStatus(provision.status)}</span>
          </p>
        )}
        {provision.text
          .split("\n")
          .filter(Boolean)
          .map((line, at) => (
            <p key={at} lang={lang} dir={lang ? directionOf(lang) : undefined}>
              {line}
            </p>
          ))}
      </div>
      <div class="provision-beside" lang={language.value} dir={direction.value}>
        {mappings.length > 0 && (
          <ul>
            {mappings.map((one) => (
              <li key={one.name}>
                <MappingLine mapping={one} />
              </li>
            ))}
          </ul>
        )}
        {name && (
          <p class="provision-links no-print">
            <a href={`#${id}`} aria-label={t("linkTo", { text: said })}>
              #
            </a>
            <button
              type="button"
              class="link-button"
              aria-label={t("citeOne", { text: said })}
              onClick={() => copy(citationOf(law, expression, { id, label: said }))}
            >
              ❝
            </button>
          </p>
        )}
      </div>
    </article>
  );
}
