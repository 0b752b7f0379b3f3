// Which State's laws carry out which article of a treaty, as far as is on record.
import { useEffect } from "preact/hooks";
import {
  type GetCoverageResponse,
  type GetCoverageResponse_Cell as Cell,
  type GetCoverageResponse_Row as Row,
} from "#gen/comity/v1/library_service_pb";
import { announce } from "../announce";
import { loadTreaties, slugOf, titleOfTreaty, treaties, treatyOf } from "../catalogue";
import { libraryService } from "../client";
import { common } from "../common";
import { PageTitle } from "../components/page_title";
import { Answer } from "../components/views";
import { formatNumber, language, langOf, messages, pick } from "../i18n";
import { lawPath } from "../library";
import { l } from "../library.messages";
import { useLoad } from "../load";
import { here, Link, setQuery } from "../router";
import { codeOf, fold, loadStates, titleOfState } from "../states";

const t = messages({
  title: {
    en: "Coverage of treaties by laws",
    fr: "Couverture des traités par les lois",
    es: "Cobertura de los tratados por las leyes",
    ru: "Охват договоров законами",
    ar: "تغطية القوانين للمعاهدات",
    zh: "法律对条约的覆盖",
  },
  lead: {
    en: "Which State’s laws carry out which article, as far as is on record here. An empty cell means that nothing is on record, never that there is no such law.",
    fr: "Les lois de quel État mettent en œuvre quel article, selon ce qui est enregistré ici. Une case vide signifie que rien n’est enregistré, jamais qu’il n’y a pas de loi.",
    es: "Qué leyes de qué Estado aplican cada artículo, según lo que consta aquí. Una casilla vacía significa que no consta nada, nunca que no haya ley.",
    ru: "Законы какого государства исполняют какую статью, насколько это есть в записях. Пустая клетка значит, что записей нет, а не что нет закона.",
    ar: "قوانين أي دولة تنفذ أي مادة، بقدر ما هو مسجل هنا. الخانة الفارغة تعني أنه لا شيء مسجل، ولا تعني أبدا أنه لا يوجد قانون.",
    zh: "各国法律实施条约各条款的情况（以此处记录为限）。空格表示没有记录，绝不表示没有此类法律。",
  },
  filter: {
    en: "State",
    fr: "État",
    es: "Estado",
    ru: "Государство",
    ar: "الدولة",
    zh: "国家",
  },
  rests: {
    en: "On record: {mappings} mappings of {states} States to this treaty. The library holds {laws} laws.",
    fr: "Au registre : {mappings} correspondances de {states} États avec ce traité. La bibliothèque compte {laws} lois.",
    es: "Constan {mappings} correspondencias de {states} Estados con este tratado. La biblioteca tiene {laws} leyes.",
    ru: "В записях соответствий этому договору: {mappings}, государств: {states}. Законов в библиотеке: {laws}.",
    ar: "المسجل: {mappings} من التطابقات مع هذه المعاهدة من {states} من الدول. في المكتبة {laws} من القوانين.",
    zh: "记录了 {states} 个国家与本条约的 {mappings} 项对应关系。文库共有 {laws} 部法律。",
  },
  nothing: {
    en: "No law on record carries out this treaty.",
    fr: "Aucune loi enregistrée ne met en œuvre ce traité.",
    es: "No consta ninguna ley que aplique este tratado.",
    ru: "Законов, исполняющих этот договор, в записях нет.",
    ar: "لا قانون مسجلا ينفذ هذه المعاهدة.",
    zh: "没有实施本条约的法律记录。",
  },
  cell: {
    en: "{state}, article {article}: {count} on record ({degrees})",
    fr: "{state}, article {article} : {count} au registre ({degrees})",
    es: "{state}, artículo {article}: constan {count} ({degrees})",
    ru: "{state}, статья {article}: записей {count} ({degrees})",
    ar: "{state}، المادة {article}: المسجل {count} ({degrees})",
    zh: "{state}，第 {article} 条：{count} 项记录（{degrees}）",
  },
  legend: { en: "Signs", fr: "Signes", es: "Signos", ru: "Знаки", ar: "العلامات", zh: "图例" },
});

// The strongest first; signs that differ in shape, too.
const degrees = [
  { key: "full", sign: "●" },
  { key: "partial", sign: "◐" },
  { key: "related", sign: "○" },
  { key: "unstated", sign: "◌" },
] as const;

export default function Coverage() {
  const { query } = here.value;
  const treaty = query.get("treaty") || "untoc";
  const [loaded, retry] = useLoad(treaty, async (signal) => {
    const [answer] = await Promise.all([
      libraryService().then((service) => service.getCoverage({ treaty: `treaties/${treaty}` }, { signal })),
      loadTreaties(),
      loadStates(),
    ]);
    return answer;
  });
  return (
    <>
      <PageTitle title={t("title")}>
        <p class="lead">{t("lead")}</p>
      </PageTitle>
      <form class="ask no-print" aria-label={t("title")} onSubmit={(event) => event.preventDefault()}>
        <div class="field">
          <label for="treaty">{l("treaty")}</label>
          <select id="treaty" onChange={(event) => setQuery({ treaty: event.currentTarget.value })}>
            {treaties.value.map(({ name }) => (
              <option key={name} value={slugOf(name)} selected={slugOf(name) === treaty}>
                {titleOfTreaty(name)}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="q">{t("filter")}</label>
          <input
            id="q"
            type="search"
            value={query.get("q") ?? ""}
            onInput={(event) => setQuery({ q: event.currentTarget.value }, { replace: true })}
          />
        </div>
      </form>
      <Answer loaded={loaded} retry={retry}>
        {(answer) => <Grid answer={answer} treaty={treaty} />}
      </Answer>
    </>
  );
}

function sum(cell: Cell): number {
  return cell.full + cell.partial + cell.related + cell.unstated;
}

function Grid({ answer, treaty }: { answer: GetCoverageResponse; treaty: string }) {
  const typed = fold(here.value.query.get("q") ?? "");
  const compare = new Intl.Collator(language.value).compare;
  const rows = answer.rows
    .filter(({ state }) => fold(`${titleOfState(state)} ${codeOf(state)}`).includes(typed))
    .sort((a, b) => compare(titleOfState(a.state), titleOfState(b.state)));
  const has = new Set(answer.rows.flatMap(({ cells }) => cells.map(({ article }) => article)));
  const byNumber = new Intl.Collator("en", { numeric: true }).compare;
  const articles = [...has].sort(byNumber);
  const rests = t("rests", {
    states: answer.rows.length,
    laws: Number(answer.lawsOnRecord),
    mappings: Number(answer.mappingsOnRecord),
  });
  useEffect(() => announce(rests), [answer]);
  return (
    <>
      <p class="answer">{rests}</p>
      {rows.length === 0 ? (
        <p class="notice">{t("nothing")}</p>
      ) : (
        <>
          <ul class="legend" aria-label={t("legend")}>
            {degrees.map(({ key, sign }) => (
              <li key={key}>
                <span aria-hidden="true">{sign}</span> {l(key)}
              </li>
            ))}
          </ul>
          <div class="table-scroll grid-scroll" tabIndex={0} role="group" aria-label={t("title")}>
            <table class="grid">
              <thead>
                <tr>
                  <th scope="col">{l("state")}</th>
                  {articles.map((article) => (
                    <th key={article} scope="col">
                      <ArticleHead article={article} treaty={treaty} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <OneRow key={row.state} row={row} articles={articles} treaty={treaty} />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </>
  );
}

function ArticleHead({ article, treaty }: { article: string; treaty: string }) {
  const heading = pick(
    treatyOf(treaty)?.articles.find(({ citation }) => citation === article)?.headings ?? [],
  );
  if (!article) return <span class="unknown">–</span>;
  return (
    <>
      <bdi>{article}</bdi>
      {heading && (
        <span class="visually-hidden" lang={langOf(heading)}>
          {` ${heading.text}`}
        </span>
      )}
    </>
  );
}

function OneRow({ row, articles, treaty }: { row: Row; articles: string[]; treaty: string }) {
  const state = titleOfState(row.state);
  return (
    <tr>
      <th scope="row">
        <Link to={`/states/${codeOf(row.state)}`}>{state}</Link>
      </th>
      {articles.map((article) => {
        const cell = row.cells.find((one) => one.article === article);
        return (
          <td key={article}>
            {cell && <OneCell cell={cell} state={row.state} title={state} treaty={treaty} />}
          </td>
        );
      })}
    </tr>
  );
}

/** To the law where there is one, else to all of them. */
function OneCell({
  cell,
  state,
  title,
  treaty,
}: {
  cell: Cell;
  state: string;
  title: string;
  treaty: string;
}) {
  const here = degrees.filter(({ key }) => cell[key] > 0);
  const label = t("cell", {
    state: title,
    article: cell.article || common("notKnown"),
    count: sum(cell),
    degrees: here.map(({ key }) => `${l(key)}: ${formatNumber(cell[key])}`).join(", "),
  });
  const [only] = cell.laws;
  const to = cell.laws.length === 1 && only ? lawPath(only) : "/search";
  const query =
    to === "/search"
      ? { treaty: cell.article ? `${treaty}/${cell.article}` : treaty, state: codeOf(state) }
      : {};
  return (
    <Link to={to} query={query} aria-label={label} class="grid-cell">
      <span aria-hidden="true">
        {here[0]?.sign} {formatNumber(sum(cell))}
      </span>
    </Link>
  );
}
