// One law: what is known of it, and its text to read, to compare and to cite.
import type { Expression, Law, Mapping } from "#gen/comity/v1/law_pb";
import { Expression_Kind } from "#gen/comity/v1/law_pb";
import type { ChooseExpressionResponse } from "#gen/comity/v1/library_service_pb";
import { loadTreaties } from "../catalogue";
import { Code, codeOfError, libraryService } from "../client";
import { DateField, isDay } from "../components/date_field";
import { History } from "../components/history";
import { PageTitle } from "../components/page_title";
import { Answer } from "../components/views";
import { allOf } from "../directory";
import { d } from "../directory.messages";
import { langOf, language, languages } from "../i18n";
import { directionOf, nameOfKind, nameOfText, textOf, titleOfLaw } from "../library";
import { useLoad } from "../load";
import { here, Link, setQuery, type PageProps } from "../router";
import { loadStates, titleOfState } from "../states";
import { Actions, Facts, Texts } from "./law.facts";
import { t } from "./law.messages";
import { Compared } from "./law.compared";
import { Reader } from "./law.reader";

export type Everything = {
  law: Law;
  expressions: Expression[];
  mappings: Mapping[];
};

async function everythingOf(name: string, signal: AbortSignal): Promise<Everything> {
  const [law, expressions, mappings] = await Promise.all([
    libraryService().then((service) => service.getLaw({ name }, { signal })),
    allOf(async (pageToken) => {
      const page = await (await libraryService()).listExpressions(
        { parent: name, pageSize: 1000, pageToken },
        { signal },
      );
      return { items: page.expressions, next: page.nextPageToken };
    }),
    allOf(async (pageToken) => {
      const page = await (await libraryService()).listMappings(
        { parent: name, pageSize: 1000, pageToken },
        { signal },
      );
      return { items: page.mappings, next: page.nextPageToken };
    }),
    loadStates(),
    loadTreaties(),
  ]);
  return { law, expressions, mappings };
}

/** The text that the reader can use best, as it was on the day. */
async function choose(
  law: string,
  asOf: string,
  signal: AbortSignal,
): Promise<ChooseExpressionResponse | undefined> {
  try {
    const wanted = [language.value, ...languages.filter((one) => one !== language.value)];
    return await (await libraryService()).chooseExpression(
      { law, asOf, languages: wanted.slice(0, 1) },
      { signal },
    );
  } catch (error) {
    if (codeOfError(error) === Code.NotFound) return undefined;
    throw error;
  }
}

export default function LawPage({ params }: PageProps) {
  const state = params["state"] ?? "";
  const name = `states/${state}/laws/${params["law"] ?? ""}`;
  const [loaded, retry] = useLoad(name, (signal) => everythingOf(name, signal));
  const title = loaded.answer && titleOfLaw(loaded.answer.law);
  const lang = langOf(title);
  return (
    <>
      <p class="crumb">
        <Link to="/search">{d("laws")}</Link>
        {" · "}
        <Link to={`/states/${state}`}>{titleOfState(state)}</Link>
      </p>
      <PageTitle title={title?.text ?? name} lang={lang} />
      <Answer loaded={loaded} retry={retry}>
        {(all) => (
          <>
            <Facts law={all.law} mappings={all.mappings} />
            <Reading all={all} />
            <Texts expressions={all.expressions} />
            <History name={name} />
          </>
        )}
      </Answer>
    </>
  );
}

function Reading({ all }: { all: Everything }) {
  const { law, expressions, mappings } = all;
  const { query } = here.value;
  const stated = query.get("text") ?? "";
  const on = query.get("on") ?? "";
  const known = expressions.find((one) => textOf(one.name) === stated);
  const [chosen, retry] = useLoad(
    known || expressions.length === 0 ? "" : `${law.name} ${on} ${language.value}`,
    (signal) => choose(law.name, isDay(on) ? on : "", signal),
  );
  if (expressions.length === 0) return <p class="notice">{t("noText")}</p>;
  if (known) return <Text expression={known} remarks={[]} expressions={expressions} law={law} mappings={mappings} />;
  return (
    <Answer loaded={chosen} retry={retry}>
      {(choice) =>
        choice?.expression ? (
          <Text
            expression={expressions.find(({ name }) => name === choice.expression?.name) ?? choice.expression}
            remarks={choice.remarks}
            expressions={expressions}
            law={law}
            mappings={mappings}
          />
        ) : (
          <p class="notice">{t("noText")}</p>
        )
      }
    </Answer>
  );
}

function Text({
  expression,
  remarks,
  expressions,
  law,
  mappings,
}: {
  expression: Expression;
  remarks: readonly string[];
  expressions: readonly Expression[];
  law: Law;
  mappings: readonly Mapping[];
}) {
  const beside = here.value.query.get("with") ?? "";
  const other = expressions.find((one) => textOf(one.name) === beside && one !== expression);
  return (
    <section class="reading">
      <h2>
        {t("read")} – <bdi>{nameOfText(expression)}</bdi>
      </h2>
      <Chooser expression={expression} expressions={expressions} other={other} />
      <Caution expression={expression} />
      {remarks.length > 0 && (
        <ul class="muted small" lang="en" dir="ltr">
          {remarks.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      <Actions law={law} expression={expression} />
      {other ? (
        <Compared from={other} to={expression} />
      ) : (
        <Reader key={expression.name} law={law} expression={expression} mappings={mappings} />
      )}
    </section>
  );
}

function Chooser({
  expression,
  expressions,
  other,
}: {
  expression: Expression;
  expressions: readonly Expression[];
  other: Expression | undefined;
}) {
  const { query } = here.value;
  const option = (one: Expression, selected: boolean) => (
    <option key={one.name} value={textOf(one.name)} selected={selected}>
      {`${nameOfText(one)} – ${nameOfKind(one)}`}
    </option>
  );
  return (
    <form class="ask no-print" onSubmit={(event) => event.preventDefault()} aria-label={t("read")}>
      <div class="field">
        <label for="text">{t("text")}</label>
        <select
          id="text"
          onChange={(event) => setQuery({ text: event.currentTarget.value, on: "" })}
        >
          {expressions.map((one) => option(one, one === expression))}
        </select>
      </div>
      <DateField
        id="on"
        label={t("onDay")}
        value={query.get("on") ?? ""}
        onChange={(on) => setQuery({ on, text: "" })}
      />
      {expressions.length > 1 && (
        <div class="field">
          <label for="with">{t("beside")}</label>
          <select id="with" onChange={(event) => setQuery({ with: event.currentTarget.value })}>
            <option value="">{t("alone")}</option>
            {expressions
              .filter((one) => one !== expression)
              .map((one) => option(one, one === other))}
          </select>
        </div>
      )}
    </form>
  );
}

/** What to beware of. */
function Caution({ expression }: { expression: Expression }) {
  return (
    <>
      {expression.kind === Expression_Kind.ABSTRACT && (
        <p class="notice notice-warn">
          <strong>{t("abstractNotice")}</strong>
        </p>
      )}
      {expression.kind === Expression_Kind.TRANSLATION && (
        <p class="notice">{t("translationNotice")}</p>
      )}
      {expression.languageDetected && <p class="notice">{t("detected")}</p>}
      {expression.title && (
        <p class="text-title" lang={expression.language} dir={directionOf(expression.language)}>
          {expression.title}
        </p>
      )}
    </>
  );
}
