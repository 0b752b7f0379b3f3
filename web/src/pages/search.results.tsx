// What was found, why, and how to ask.
import type { SearchHit, SearchResponse, SearchResult } from "#gen/comity/v1/search_service_pb";
import { MarkedText } from "../components/snippet";
import { formatDay, nameOfLanguage } from "../i18n";
import { directionOf, lawPath, nameOfProvision, nameOfType, provisionOf, textOf } from "../library";
import { l } from "../library.messages";
import { Link, setQuery } from "../router";
import { codeOf, titleOfState } from "../states";
import { t } from "./search.messages";

export function Result({ result }: { result: SearchResult }) {
  const isLaw = result.kind === "law";
  const path = isLaw
    ? lawPath(result.name)
    : `/authorities/${codeOf(result.name)}/${result.name.split("/").at(-1)}`;
  const lang = result.hits[0]?.language;
  const about = [
    titleOfState(result.state),
    isLaw ? nameOfType(result.type) : "",
    result.date && formatDay(result.date),
  ].filter(Boolean);
  return (
    <li class="result">
      <h3>
        <Link to={path}>
          <span lang={lang || undefined} dir={directionOf(lang ?? "")}>
            {result.title || result.name}
          </span>
        </Link>
      </h3>
      <p class="muted about">
        <span class="tag">{isLaw ? l("law") : l("authority")}</span> {about.join(" · ")}
      </p>
      {result.hits
        .filter((hit) => isLaw && (hit.snippet || hit.label || hit.heading))
        .map((hit) => (
          <Hit key={hit.name} hit={hit} />
        ))}
    </li>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  const provision = provisionOf(hit.name);
  const name = nameOfProvision(hit) || nameOfLanguage(hit.language);
  return (
    <div class="hit">
      {provision && (
        <p class="hit-name">
          <Link to={`${lawPath(hit.name)}#${provision}`} query={{ text: textOf(hit.name) }}>
            <span lang={hit.language || undefined} dir={directionOf(hit.language)}>
              {name}
            </span>
          </Link>
          <span class="muted"> {nameOfLanguage(hit.language)}</span>
        </p>
      )}
      {hit.snippet && <MarkedText snippet={hit.snippet} lang={hit.language} />}
    </div>
  );
}

/** What else was looked for, and what the answer leaves out. */
export function Understood({ answer }: { answer: SearchResponse }) {
  const words = answer.concepts.reduce((count, { terms }) => count + terms.length, 0);
  return (
    <>
      {answer.suggestion && answer.results.length > 0 && (
        <p>
          <button
            type="button"
            class="link-button"
            onClick={() => setQuery({ q: answer.suggestion, pages: "" })}
          >
            {t("didYouMean", { text: answer.suggestion })}
          </button>
        </p>
      )}
      {answer.queryCut && <p class="notice notice-warn">{t("cut")}</p>}
      {answer.incomplete && <p class="notice notice-warn">{t("incomplete")}</p>}
      {words > 0 && (
        <details class="looked-for">
          <summary>{t("lookedFor", { count: words })}</summary>
          {answer.concepts.map((concept) => (
            <p key={concept.name}>
              <strong>{t("because", { text: concept.found })}</strong>{" "}
              {concept.terms.map(({ text, language }, at) => (
                <>
                  {at > 0 && " · "}
                  <bdi key={`${language} ${text}`} lang={language}>
                    {text}
                  </bdi>
                </>
              ))}
            </p>
          ))}
        </details>
      )}
    </>
  );
}

const examples = [
  ['"money laundering"', "helpPhrase"],
  ["hawala AND (licence OR permit)", "helpOperators"],
  ["+extradition -surrender", "helpMust"],
  ["seizure NEAR/5 assets", "helpNear"],
  ["launder*", "helpPrefix"],
  ["title:customs heading:fee", "helpFields"],
  ["number:129a", "helpNumber"],
  ["treaty:untoc article:18(13)", "helpTreaty"],
] as const;

export function QueryHelp() {
  return (
    <details class="query-help no-print">
      <summary>{t("help")}</summary>
      <dl class="facts">
        {examples.map(([example, meaning]) => (
          <div key={example}>
            <dt>
              <code dir="ltr">{example}</code>
            </dt>
            <dd>{t(meaning)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
