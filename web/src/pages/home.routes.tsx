// The answer of the start page: a card per route, then all treaties.
import { useRef } from "preact/hooks";
import type { Source } from "#gen/comity/v1/common_pb";
import { InForceStatus } from "#gen/comity/v1/participation_pb";
import { ReasonCode } from "#gen/comity/v1/reason_pb";
import type {
  Route,
  RouteRequestResponse,
  TreatyAssessment,
} from "#gen/comity/v1/routing_service_pb";
import { announce } from "../announce";
import { functionOf, slugOf, titleOfFunction, titleOfTreaty } from "../catalogue";
import { common } from "../common";
import { lastSaid, needsWarning, StandingFacts } from "../components/designation";
import {
  CardButton,
  Fact,
  kindOfOffice,
  OfficeFacts,
  OfficeName,
  pathOfOffice,
  TextList,
} from "../components/office";
import { Sources } from "../components/sources";
import { ageOf, formatDay, formatList, language, nameOfLanguage, today } from "../i18n";
import { say, sayAlternative, sayParticipation, sayStatus, type Context, type Said } from "../reasons";
import { r } from "../records.messages";
import { href, Link, setQuery } from "../router";
import { codeOf, titleOfState } from "../states";
import { t } from "./home.messages";

export function summaryOf(answer: RouteRequestResponse): string {
  return answer.totalRoutes > 0 ? t("routes", { count: answer.totalRoutes }) : t("noRoute");
}

function contextOf(answer: RouteRequestResponse, treaty: string): Context {
  return {
    from: answer.requestingState,
    to: answer.requestedState,
    treaty,
    on: answer.asOf,
  };
}

export function Routes({ answer, urgent }: { answer: RouteRequestResponse; urgent: boolean }) {
  const some = answer.routes.length > 0;
  const rest = answer.totalRoutes - answer.routes.length;
  return (
    <section aria-labelledby="answer" class="answer">
      <p class="question">
        {t("question", {
          from: titleOfState(answer.requestingState),
          to: titleOfState(answer.requestedState),
          function: titleOfFunction(answer.function),
          day: formatDay(answer.asOf),
        })}
      </p>
      <h2 id="answer">{summaryOf(answer)}</h2>
      {!some && <AnswerAdvice answer={answer} />}
      {answer.routes.map((route) => (
        <RouteCard key={route.designation?.name} route={route} answer={answer} urgent={urgent} />
      ))}
      {rest > 0 && (
        <p class="no-print">
          <button
            type="button"
            onClick={() => setQuery({ show: String(Math.min(answer.routes.length + 10, 100)) })}
          >
            {t("more", { count: Math.min(rest, 10) })}
          </button>
        </p>
      )}
      {some && <AnswerAdvice answer={answer} />}
      <Alternatives answer={answer} />
      <Treaties answer={answer} />
    </section>
  );
}

/** What is missing in the data for the answer as a whole. */
function AnswerAdvice({ answer }: { answer: RouteRequestResponse }) {
  return (
    <>
      {answer.advice.map((advice, at) => (
        <p key={at} class={answer.routes.length > 0 ? "notice" : "notice notice-warn"}>
          <Words said={say(advice, contextOf(answer, ""))} />
        </p>
      ))}
    </>
  );
}

function Words({ said }: { said: Said }) {
  return <span lang={said.lang}>{said.text}</span>;
}

/** In the page's language where the function's record has the item in it. */
function localItems(
  answer: RouteRequestResponse,
  treaty: string,
  items: readonly string[],
  field: "urgentChannels" | "requiredContents",
): Said[] {
  const rows = functionOf(answer.function)?.articles.filter((one) => one.treaty === treaty) ?? [];
  const texts = rows.flatMap((row) => row[field]);
  const english = texts.filter((one) => one.language === "en");
  const own = texts.filter((one) => one.language === language.value);
  return items.map((text) => {
    const at = english.findIndex((one) => one.text === text);
    const local = own.length === english.length ? own[at]?.text : undefined;
    return local ? { text: local } : { text, lang: language.value === "en" ? undefined : "en" };
  });
}

function SaidList({ items }: { items: readonly Said[] }) {
  if (items.length === 0) return null;
  return (
    <ul>
      {items.map((item) => (
        <li key={item.text}>
          <Words said={item} />
        </li>
      ))}
    </ul>
  );
}

function RequiredContents({ answer, route }: { answer: RouteRequestResponse; route: Route }) {
  const own = Math.min(
    route.designation?.requiredContents.length ?? 0,
    route.requiredContents.length,
  );
  const items = localItems(answer, route.treaty, route.requiredContents, "requiredContents");
  const article = functionOf(answer.function)?.articles.find(
    (one) => one.treaty === route.treaty && one.requiredContents.length > 0,
  )?.requiredContentsArticle;
  return (
    <>
      {own > 0 && <p class="by">{r("asStateAsks")}</p>}
      <SaidList items={items.slice(0, own)} />
      {items.length > own && (
        <p class="by">{article ? r("byArticle", { article }) : r("byTreaty")}</p>
      )}
      <SaidList items={items.slice(own)} />
    </>
  );
}

function LanguageFact({ route }: { route: Route }) {
  if (route.acceptedLanguages.length === 0) {
    return <span class="unknown">{common("notStated")}</span>;
  }
  return (
    <>
      {route.language && (
        <>
          <strong>{t("writeIn", { language: nameOfLanguage(route.language) })}</strong>
          {"; "}
        </>
      )}
      {t("accepts", { languages: formatList(route.acceptedLanguages.map(nameOfLanguage)) })}
    </>
  );
}

function Warning({ route }: { route: Route }) {
  if (!route.designation || !needsWarning(route.designation)) return null;
  const age = ageOf(lastSaid(route.designation), today());
  return (
    <p class="notice notice-warn">
      <strong>{age ? t("warning", { age }) : t("warningNoAge")}</strong>
    </p>
  );
}

function RouteCard({
  route,
  answer,
  urgent,
}: {
  route: Route;
  answer: RouteRequestResponse;
  urgent: boolean;
}) {
  const card = useRef<HTMLElement>(null);
  const { authority, designation } = route;
  const id = `route-${slugOf(designation?.name ?? "")}`;
  const urgentWays = (
    <Fact name={r("ifUrgent")}>
      {route.urgentChannels.length > 0 && (
        <SaidList
          items={localItems(answer, route.treaty, route.urgentChannels, "urgentChannels")}
        />
      )}
    </Fact>
  );
  return (
    <article class="card route" ref={card} aria-labelledby={id}>
      <h3 id={id}>
        {authority ? (
          <Link to={pathOfOffice(authority.name)}>
            <OfficeName authority={authority} />
          </Link>
        ) : (
          r("noOffice")
        )}
      </h3>
      <p class="sub">
        {[authority && kindOfOffice(authority.kind), titleOfState(answer.requestedState)]
          .filter(Boolean)
          .join(" · ")}
        {authority?.unit && (
          <>
            {" · "}
            <span lang="en">{authority.unit}</span>
          </>
        )}
      </p>
      <Warning route={route} />
      <dl class="facts">
        {urgent && urgentWays}
        {authority && <OfficeFacts authority={authority} />}
        <Fact name={r("under")}>
          <Link to={`/treaties/${slugOf(route.treaty)}`}>{titleOfTreaty(route.treaty)}</Link>
          {", "}
          {designation?.article
            ? common("article", { article: designation.article })
            : r("noArticle")}
          <InForceLine answer={answer} treaty={route.treaty} />
        </Fact>
        <Fact name={r("languages")}>
          <LanguageFact route={route} />
        </Fact>
        <Fact name={r("channels")}>
          {route.channels.length > 0 ? (
            <TextList items={route.channels} lang="en" />
          ) : (
            <span class="unknown">{common("notStated")}</span>
          )}
        </Fact>
        {!urgent && urgentWays}
        <Fact name={r("forms")}>
          {route.forms.length > 0 && <TextList items={route.forms} lang="en" />}
        </Fact>
        <Fact name={r("mustContain")}>
          {route.requiredContents.length > 0 ? (
            <RequiredContents answer={answer} route={route} />
          ) : (
            <span class="unknown">{common("notStated")}</span>
          )}
        </Fact>
        {designation && <StandingFacts designation={designation} />}
      </dl>
      <Steps answer={answer} route={route} />
      <Remarks answer={answer} route={route} />
      <CardActions answer={answer} route={route} card={card} />
    </article>
  );
}

function InForceLine({ answer, treaty }: { answer: RouteRequestResponse; treaty: string }) {
  const status = answer.assessments.find((one) => one.treaty === treaty)?.status;
  if (!status) return null;
  return (
    <span class="line">
      <Words said={sayStatus(status, contextOf(answer, treaty))} />
    </span>
  );
}

/** Sources of a step: its own, or those of the record that it rests on. */
function sourcesOf(resource: string, sources: readonly Source[], route: Route): readonly Source[] {
  if (sources.length > 0) return sources;
  return (
    (resource === route.authority?.name ? route.authority.sources : route.designation?.sources) ??
    []
  );
}

function Steps({ answer, route }: { answer: RouteRequestResponse; route: Route }) {
  const context = contextOf(answer, route.treaty);
  const status = answer.assessments.find((one) => one.treaty === route.treaty)?.status;
  const steps: { said: Said; sources: readonly Source[] }[] = [];
  for (const one of status?.participations ?? []) {
    steps.push({ said: sayParticipation(one, route.treaty), sources: one.sources });
  }
  if (status) steps.push({ said: sayStatus(status, context), sources: status.sources });
  for (const reason of route.reasons) {
    steps.push({
      said: say(reason, context),
      sources: sourcesOf(reason.resource, reason.sources, route),
    });
  }
  return (
    <details class="why">
      <summary>{t("whyTitle")}</summary>
      <ol>
        {steps.map(({ said, sources }, at) => (
          <li key={at}>
            <Words said={said} />
            <Sources sources={sources} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function Remarks({ answer, route }: { answer: RouteRequestResponse; route: Route }) {
  if (route.advice.length === 0) return null;
  const context = contextOf(answer, route.treaty);
  return (
    <details class="why" open>
      <summary>{t("adviceTitle")}</summary>
      <SaidList items={route.advice.map((advice) => say(advice, context))} />
    </details>
  );
}

/** The answer's own address: with its day, so that it stays the same answer. */
function addressOf(answer: RouteRequestResponse): string {
  return (
    location.origin +
    href("/", {
      lang: language.value,
      from: codeOf(answer.requestingState),
      to: codeOf(answer.requestedState),
      for: slugOf(answer.function),
      on: answer.asOf,
    })
  );
}

/** A card as lines of text: its name, then fact by fact. */
function textOf(card: HTMLElement, answer: RouteRequestResponse): string {
  const lines = [card.querySelector("h3")?.innerText ?? ""];
  lines.push(card.querySelector<HTMLElement>(".sub")?.innerText ?? "");
  const warning = card.querySelector<HTMLElement>(".notice-warn")?.innerText;
  if (warning) lines.push(warning);
  for (const row of card.querySelectorAll(".facts > div")) {
    const name = row.querySelector("dt")?.innerText ?? "";
    const fold = row.querySelector<HTMLElement>("dd > .sources > summary")?.innerText;
    const said = (row.querySelector("dd")?.innerText ?? "").split(/\n+/);
    const value = said.filter((line) => line && line !== fold).join("\n  ");
    lines.push(name ? `${name}: ${value}` : `  ${value}`);
  }
  lines.push(addressOf(answer));
  return lines.filter(Boolean).join("\n");
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce(t("copied"));
  } catch {
    announce(t("copyFailed"));
  }
}

/** Prints one card of the answer, on a page of its own. */
function printOnly(card: HTMLElement): void {
  card.dataset["printed"] = "";
  document.body.dataset["printing"] = "";
  const done = () => {
    delete card.dataset["printed"];
    delete document.body.dataset["printing"];
  };
  addEventListener("afterprint", done, { once: true });
  print();
}

function CardActions({
  answer,
  route,
  card,
}: {
  answer: RouteRequestResponse;
  route: Route;
  card: { current: HTMLElement | null };
}) {
  return (
    <div class="actions">
      <button type="button" onClick={() => card.current && copy(textOf(card.current, answer))}>
        {t("copy")}
      </button>
      <button type="button" onClick={() => card.current && printOnly(card.current)}>
        {t("print")}
      </button>
      {route.authority && <CardButton authority={route.authority.name} />}
      <button type="button" onClick={() => copy(addressOf(answer))}>
        {t("copyLink")}
      </button>
    </div>
  );
}

/** Ways beside the routes; urgent ones that a card has are not said again. */
function Alternatives({ answer }: { answer: RouteRequestResponse }) {
  const shown = new Set(
    answer.routes.filter((route) => route.urgentChannels.length > 0).map((route) => route.treaty),
  );
  const ways = answer.alternatives.filter(
    (one) => one.code !== ReasonCode.INTERPOL_URGENT || !shown.has(one.treaty),
  );
  if (ways.length === 0) return null;
  return (
    <>
      <h2>{answer.routes.length > 0 ? t("otherWays") : t("remains")}</h2>
      <SaidList items={ways.map(sayAlternative)} />
    </>
  );
}

export function StatusTag({ status }: { status: InForceStatus }) {
  switch (status) {
    case InForceStatus.IN_FORCE:
      return <span class="tag tag-good">{r("inForce")}</span>;
    case InForceStatus.NOT_IN_FORCE:
      return <span class="tag tag-bad">{r("notInForce")}</span>;
    default:
      return <span class="tag tag-warn">{r("statusNotKnown")}</span>;
  }
}

function Treaties({ answer }: { answer: RouteRequestResponse }) {
  if (answer.assessments.length === 0) return null;
  return (
    <div class="treaties">
      <h2>{t("treaties")}</h2>
      {answer.assessments.map((one) => (
        <Assessment key={one.treaty} answer={answer} one={one} />
      ))}
    </div>
  );
}

function Assessment({ answer, one }: { answer: RouteRequestResponse; one: TreatyAssessment }) {
  const context = contextOf(answer, one.treaty);
  return (
    <div class="assessment">
      <h3>
        <Link to={`/treaties/${slugOf(one.treaty)}`}>{titleOfTreaty(one.treaty)}</Link>{" "}
        <StatusTag status={one.status?.status ?? InForceStatus.UNSPECIFIED} />
      </h3>
      <p class="small">
        {one.articles.length > 0 && (
          <>
            {formatList(one.articles.map((article) => common("article", { article })))}
            {". "}
          </>
        )}
        {one.designations > 0 ? (
          t("designations", { count: one.designations })
        ) : (
          one.reasons[0] && <Words said={say(one.reasons[0], context)} />
        )}
      </p>
      <details class="why">
        <summary>{one.status && <Words said={sayStatus(one.status, context)} />}</summary>
        <ul>
          {one.status?.participations.map((state) => (
            <li key={state.state}>
              <Words said={sayParticipation(state, one.treaty)} />
              <Sources sources={state.sources} />
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
