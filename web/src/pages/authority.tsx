// One office: how to reach it, what it was designated for, what became of it.
import { loadFunctions, loadTreaties, slugOf, titleOfFunction, titleOfTreaty } from "../catalogue";
import { directoryService } from "../client";
import { common } from "../common";
import { needsWarning, StandingFacts } from "../components/designation";
import { History } from "../components/history";
import { CardButton, Fact, kindOfOffice, OfficeFacts, TextList } from "../components/office";
import { PageTitle } from "../components/page_title";
import { Sources } from "../components/sources";
import { Answer } from "../components/views";
import type { Designation } from "#gen/comity/v1/designation_pb";
import { allDesignations } from "../directory";
import { d } from "../directory.messages";
import { formatList, langOf, nameOfLanguage, pick } from "../i18n";
import { useLoad } from "../load";
import { r } from "../records.messages";
import { Link, type PageProps } from "../router";
import { loadStates, titleOfState } from "../states";

async function everythingOf(state: string, name: string, signal: AbortSignal) {
  const [authority, designations] = await Promise.all([
    directoryService().then((service) => service.getAuthority({ name }, { signal })),
    allDesignations(state, { authority: name }, signal),
    loadTreaties(),
    loadFunctions(),
    loadStates(),
  ]);
  return { authority, designations };
}

export default function AuthorityPage({ params }: PageProps) {
  const state = `states/${params["state"] ?? ""}`;
  const name = `${state}/authorities/${params["id"] ?? ""}`;
  const [loaded, retry] = useLoad(name, (signal) => everythingOf(state, name, signal));
  const title = loaded.answer && pick(loaded.answer.authority.displayNames);
  return (
    <>
      <p class="crumb">
        <Link to="/states">{d("states")}</Link>
        {" / "}
        <Link to={`/${state}`}>{titleOfState(state)}</Link>
      </p>
      <PageTitle title={title?.text ?? params["id"] ?? ""} lang={langOf(title)}>
        {loaded.answer && <p class="lead">{kindOfOffice(loaded.answer.authority.kind)}</p>}
      </PageTitle>
      <Answer loaded={loaded} retry={retry}>
        {({ authority, designations }) => (
          <>
            {designations.some(needsWarning) && (
              <p class="notice notice-warn">
                <strong>{common("footerCaution")}</strong>
              </p>
            )}
            <dl class="facts">
              <Fact name={r("unit")}>
                {authority.unit && <span lang="en">{authority.unit}</span>}
              </Fact>
              <OfficeFacts authority={authority} />
              <Fact name={r("formerNames")}>
                {authority.formerNames.length > 0 && (
                  <TextList items={authority.formerNames.map((one) => one.text)} />
                )}
              </Fact>
              <Fact name={d("sourcesTitle")}>
                {authority.sources.length > 0 && <Sources sources={authority.sources} open />}
              </Fact>
            </dl>
            <div class="actions">
              <CardButton authority={authority.name} />
            </div>
            <h2>{d("designations")}</h2>
            {designations.length === 0 && <p class="unknown">{d("none")}</p>}
            {designations.map((designation) => (
              <DesignationCard key={designation.name} designation={designation} />
            ))}
            <History name={authority.name} />
          </>
        )}
      </Answer>
    </>
  );
}

function DesignationCard({ designation }: { designation: Designation }) {
  return (
    <section class="card">
      <h3>
        <Link to={`/functions/${slugOf(designation.function)}`}>
          {titleOfFunction(designation.function)}
        </Link>
      </h3>
      <dl class="facts">
        <Fact name={r("under")}>
          <Link to={`/treaties/${slugOf(designation.treaty)}`}>
            {titleOfTreaty(designation.treaty)}
          </Link>
          {", "}
          {designation.article
            ? common("article", { article: designation.article })
            : r("noArticle")}
        </Fact>
        <Fact name={r("stateMayTake")}>
          {designation.languages.length > 0 ? (
            formatList(designation.languages.map(nameOfLanguage))
          ) : (
            <span class="unknown">{common("notStated")}</span>
          )}
        </Fact>
        <Fact name={r("channels")}>
          {designation.channels.length > 0 && <TextList items={designation.channels} lang="en" />}
        </Fact>
        <Fact name={r("ifUrgent")}>
          {designation.urgentProcedure && <span lang="en">{designation.urgentProcedure}</span>}
        </Fact>
        <Fact name={r("forms")}>
          {designation.forms.length > 0 && <TextList items={designation.forms} lang="en" />}
        </Fact>
        <Fact name={r("mustContain")}>
          {designation.requiredContents.length > 0 && (
            <TextList items={designation.requiredContents} lang="en" />
          )}
        </Fact>
        <StandingFacts designation={designation} />
      </dl>
      <History name={designation.name} />
    </section>
  );
}
