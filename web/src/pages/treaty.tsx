// One treaty: its dates, articles, and who takes part in it since when.
import type { Participation } from "#gen/comity/v1/participation_pb";
import type { Treaty } from "#gen/comity/v1/treaty_pb";
import { functions, loadFunctions, loadTreaties, slugOf, titleOfFunction, titleOfTreaty } from "../catalogue";
import { treatyService } from "../client";
import { common } from "../common";
import { DesignationList } from "../components/designation_list";
import { History } from "../components/history";
import { Fact, TextList } from "../components/office";
import { PageTitle } from "../components/page_title";
import { ParticipationTable } from "../components/participation_table";
import { Age, Sources } from "../components/sources";
import { Answer } from "../components/views";
import { allAuthorities, allDesignations, allParticipations } from "../directory";
import { d } from "../directory.messages";
import { formatDay, langOf, language, pick } from "../i18n";
import { useLoad } from "../load";
import { r } from "../records.messages";
import { here, Link, setQuery, type PageProps } from "../router";
import { fold, loadStates, titleOfState } from "../states";

async function everythingOf(name: string, signal: AbortSignal) {
  const [treaty, participations, designations, authorities] = await Promise.all([
    treatyService().then((service) => service.getTreaty({ name }, { signal })),
    allParticipations(name, "", signal),
    allDesignations("states/-", { treaty: name }, signal),
    allAuthorities("states/-", signal),
    loadTreaties(),
    loadFunctions(),
    loadStates(),
  ]);
  return { treaty, participations, designations, authorities };
}

export default function TreatyPage({ params }: PageProps) {
  const name = `treaties/${params["id"] ?? ""}`;
  const [loaded, retry] = useLoad(name, (signal) => everythingOf(name, signal));
  const treaty = loaded.answer?.treaty;
  const short = pick(treaty?.shortTitles ?? []);
  const full = pick(treaty?.titles ?? []);
  const title = short ?? full;
  return (
    <>
      <p class="crumb">
        <Link to="/treaties">{d("participations")}</Link>
      </p>
      <PageTitle title={title?.text ?? slugOf(name)} lang={langOf(title)}>
        {short && full && (
          <p class="lead">
            <span lang={langOf(full)}>{full.text}</span>
          </p>
        )}
      </PageTitle>
      <Answer loaded={loaded} retry={retry}>
        {({ treaty, participations, designations, authorities }) => (
          <>
            <TreatyFacts treaty={treaty} />
            <h2>{d("articles")}</h2>
            <Articles treaty={treaty} />
            <h2>{d("parties")}</h2>
            <Parties participations={participations} />
            <h2>{d("designations")}</h2>
            <DesignationList
              designations={designations}
              authorities={authorities}
              label={d("designations")}
              withState
              without="treaty"
            />
            <History name={name} />
          </>
        )}
      </Answer>
    </>
  );
}

function TreatyFacts({ treaty }: { treaty: Treaty }) {
  const rule = treaty.entryIntoForceRule?.articles;
  return (
    <dl class="facts">
      <Fact name={d("aliases")}>
        {treaty.aliases.length > 0 && <bdi>{treaty.aliases.join(" · ")}</bdi>}
      </Fact>
      <Fact name={d("adopted")}>
        {treaty.adopted && formatDay(treaty.adopted)}
        {treaty.adopted && treaty.adoptedAt && ", "}
        {treaty.adopted && <span lang="en">{treaty.adoptedAt}</span>}
      </Fact>
      <Fact name={d("entry")}>
        {treaty.entryIntoForce ? (
          formatDay(treaty.entryIntoForce)
        ) : (
          <span class="unknown">{common("notKnown")}</span>
        )}
        {rule && (
          <>
            {", "}
            {common("article", { article: rule })}
          </>
        )}
      </Fact>
      <Fact name={d("depositary")}>
        {treaty.depositary && <span lang="en">{treaty.depositary}</span>}
        {treaty.depositary && treaty.depositaryNumber && ", "}
        {treaty.depositary && <bdi>{treaty.depositaryNumber}</bdi>}
      </Fact>
      <Fact name={d("parent")}>
        {treaty.parent && <Link to={`/${treaty.parent}`}>{titleOfTreaty(treaty.parent)}</Link>}
      </Fact>
      <Fact name={d("parties")}>
        {treaty.participationsAsOf ? (
          <Age day={treaty.participationsAsOf} />
        ) : (
          <span class="unknown">{common("notKnown")}</span>
        )}
      </Fact>
      <Fact name={r("notes")}>
        {treaty.notes.length > 0 && <TextList items={treaty.notes} lang="en" />}
      </Fact>
      <Fact name={d("sourcesTitle")}>
        {treaty.sources.length > 0 && <Sources sources={treaty.sources} />}
      </Fact>
    </dl>
  );
}

function Articles({ treaty }: { treaty: Treaty }) {
  if (treaty.articles.length === 0) return <p class="unknown">{d("none")}</p>;
  const tasksOf = (citation: string) =>
    functions.value.filter((one) =>
      one.articles.some((row) => row.treaty === treaty.name && row.citation === citation),
    );
  return (
    <details>
      <summary>
        {d("articles")} ({treaty.articles.length})
      </summary>
      <div class="table-scroll" tabIndex={0} role="group" aria-label={d("articles")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{d("article")}</th>
              <th scope="col">{d("about")}</th>
              <th scope="col">{d("task")}</th>
            </tr>
          </thead>
          <tbody>
            {treaty.articles.map((article) => {
              const heading = pick(article.headings);
              return (
                <tr key={article.citation}>
                  <th scope="row">
                    <bdi>{article.citation}</bdi>
                  </th>
                  <td>
                    <span lang={langOf(heading)}>{heading?.text}</span>
                  </td>
                  <td>
                    {tasksOf(article.citation).map((one) => (
                      <span key={one.name} class="line">
                        <Link to={`/functions/${slugOf(one.name)}`}>
                          {titleOfFunction(one.name)}
                        </Link>
                      </span>
                    ))}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Parties({ participations }: { participations: readonly Participation[] }) {
  if (participations.length === 0) return <p class="notice">{d("noParticipations")}</p>;
  const typed = here.value.query.get("q") ?? "";
  const compare = new Intl.Collator(language.value).compare;
  const rows = participations
    .map((participation) => {
      const code = slugOf(participation.name);
      return {
        key: code,
        path: `/states/${code}`,
        title: titleOfState(`states/${code}`),
        participation,
      };
    })
    .filter(({ key, title }) => fold(`${title} ${key}`).includes(fold(typed)))
    .sort((a, b) => compare(a.title, b.title));
  return (
    <>
      <p>{d("partiesCaution")}</p>
      <div class="field narrow">
        <label for="q">{d("filter")}</label>
        <input
          id="q"
          type="search"
          value={typed}
          onInput={(event) => setQuery({ q: event.currentTarget.value }, { replace: true })}
        />
      </div>
      <p class="muted" role="status">
        {d("partiesCount", { count: rows.length })}
      </p>
      {rows.length === 0 ? (
        <p class="notice">{d("nothingFits")}</p>
      ) : (
        <ParticipationTable rows={rows} label={d("parties")} first={d("state")} />
      )}
    </>
  );
}
