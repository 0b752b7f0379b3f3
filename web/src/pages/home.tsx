// Find a contact: from two States, a function and a day to the right desk.
import { useEffect, useId } from "preact/hooks";
import { announce } from "../announce";
import { functionOf, functionsFor, loadFunctions, loadTreaties, titleOfFunction } from "../catalogue";
import { routingService } from "../client";
import { common } from "../common";
import { Combobox } from "../components/combobox";
import { DateField, isDay } from "../components/date_field";
import { PageTitle } from "../components/page_title";
import { Answer } from "../components/views";
import { today } from "../i18n";
import { useLoad } from "../load";
import { here, Link, setQuery } from "../router";
import { loadStates, statesFor, statesMeant, stateOf, titleOfState } from "../states";
import { t } from "./home.messages";

type Question = { from: string; to: string; task: string; on: string; urgent: boolean };

function questionOf(query: URLSearchParams): Question {
  return {
    from: query.get("from") ?? "",
    to: query.get("to") ?? "",
    task: query.get("for") ?? "",
    on: query.get("on") ?? "",
    urgent: query.has("urgent"),
  };
}

/** Fetches what choices and titles are made of; the page says when it fails. */
const ignore = () => {};

export default function Home() {
  const question = questionOf(here.value.query);
  const { from, to, task, on, urgent } = question;
  const badDay = on !== "" && !isDay(on);
  const same = from !== "" && from === to;
  const more = Number(here.value.query.get("show")) || 10;
  const complete = from && to && task && !badDay && !same;
  const key = complete ? [from, to, task, on, urgent, more].join("|") : "";
  const [loaded, retry] = useLoad(key, async (signal) => {
    // What shows the answer comes with it: most begin without a question.
    const [answer, view] = await Promise.all([
      routingService().then((service) =>
        service.routeRequest(
          {
            requestingState: from,
            requestedState: to,
            function: task,
            asOf: on,
            urgent,
            maxRoutes: Math.min(Math.max(more, 1), 100),
          },
          { signal },
        ),
      ),
      import("./home.routes"),
      loadStates(),
      loadFunctions(),
      loadTreaties(),
    ]);
    return { answer, ...view };
  });
  useEffect(() => {
    loadFunctions().catch(ignore);
    if (from || to) loadStates().catch(ignore);
  }, []);
  useEffect(() => {
    if (loaded.state === "done") announce(loaded.answer.summaryOf(loaded.answer.answer));
  }, [loaded.state, key]);
  return (
    <>
      <PageTitle title={t("title")}>
        <p class="lead no-print">{t("lead")}</p>
      </PageTitle>
      <Form question={question} badDay={badDay} same={same} />
      {!key && !badDay && !same && <Start />}
      {key && (
        <Answer loaded={loaded} retry={retry}>
          {({ answer, Routes }) => <Routes answer={answer} urgent={urgent} />}
        </Answer>
      )}
    </>
  );
}

function StateField({
  label,
  value,
  error,
  onChoose,
}: {
  label: string;
  value: string;
  error?: string | undefined;
  onChoose: (code: string) => void;
}) {
  return (
    <Combobox
      label={label}
      value={value}
      text={value ? titleOfState(stateOf(value)?.name ?? value) : ""}
      choices={statesFor}
      suggest={statesMeant}
      error={error}
      onChoose={onChoose}
      onOpen={() => void loadStates().catch(ignore)}
    />
  );
}

function Form({ question, badDay, same }: { question: Question; badDay: boolean; same: boolean }) {
  const id = useId();
  const { from, to, task, on, urgent } = question;
  return (
    <form
      class="ask no-print"
      role="search"
      aria-label={t("formName")}
      onSubmit={(event) => event.preventDefault()}
    >
      <StateField label={t("from")} value={from} onChoose={(code) => setQuery({ from: code, show: "" })} />
      <StateField
        label={t("to")}
        value={to}
        error={same ? t("sameState") : undefined}
        onChoose={(code) => setQuery({ to: code, show: "" })}
      />
      <Combobox
        label={t("forWhat")}
        value={task}
        text={task ? (functionOf(task) ? titleOfFunction(task) : task) : ""}
        choices={functionsFor}
        onChoose={(slug) => setQuery({ for: slug, show: "" })}
        onOpen={() => void loadFunctions().catch(ignore)}
      />
      <DateField
        id={`${id}-on`}
        label={t("on")}
        value={on || today()}
        error={badDay ? t("badDay", { text: on }) : undefined}
        onChange={(day) => setQuery({ on: day === today() ? "" : day, show: "" })}
      />
      <div class="ask-more">
        <label class="check">
          <input
            type="checkbox"
            checked={urgent}
            onChange={(event) => setQuery({ urgent: event.currentTarget.checked ? "1" : "" })}
          />{" "}
          {t("urgent")}
        </label>
        {(from || to) && (
          <button type="button" class="link-button" onClick={() => setQuery({ from: to, to: from })}>
            {t("swap")}
          </button>
        )}
        {(from || to || task || on || urgent) && (
          <button
            type="button"
            class="link-button"
            onClick={() => setQuery({ from: "", to: "", for: "", on: "", urgent: "", show: "" })}
          >
            {common("clear")}
          </button>
        )}
      </div>
    </form>
  );
}

/** Names of the example in the six languages come with the page: nothing has
 * been fetched yet. */
function Start() {
  const names = new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "region" });
  return (
    <div class="notice">
      <p>{t("start")}</p>
      <p>
        <Link to="/" query={{ from: "FRA", to: "LTU", for: "mla" }}>
          {t("example", {
            from: names.of("FR") ?? "FRA",
            to: names.of("LT") ?? "LTU",
            function: titleOfFunction("mla"),
          })}
        </Link>
      </p>
    </div>
  );
}
