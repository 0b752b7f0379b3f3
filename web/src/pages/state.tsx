// One State: its treaties, offices, designations and laws.
import type { Law } from "#gen/comity/v1/law_pb";
import type { Participation } from "#gen/comity/v1/participation_pb";
import type { State } from "#gen/comity/v1/state_pb";
import { loadFunctions, loadTreaties, titleOfTreaty, treaties } from "../catalogue";
import { directoryService } from "../client";
import { DesignationList } from "../components/designation_list";
import { History } from "../components/history";
import { Fact, kindOfOffice, OfficeName, pathOfOffice } from "../components/office";
import { PageTitle } from "../components/page_title";
import { ParticipationTable } from "../components/participation_table";
import { Sources } from "../components/sources";
import { Answer } from "../components/views";
import { allAuthorities, allDesignations, allLaws, allParticipations } from "../directory";
import { d } from "../directory.messages";
import { formatDay, formatList, langOf, language, nameOfLanguage, pick } from "../i18n";
import { useLoad } from "../load";
import { pages } from "../pages";
import { r } from "../records.messages";
import { Link, match, type PageProps } from "../router";
import { codeOf, isFormer, loadStates, titleOfState } from "../states";

async function everythingOf(name: string, signal: AbortSignal) {
  const [state, participations, authorities, designations, laws] = await Promise.all([
    directoryService().then((service) => service.getState({ name }, { signal })),
    allParticipations("treaties/-", name, signal),
    allAuthorities(name, signal),
    allDesignations(name, {}, signal),
    allLaws(name, signal),
    loadTreaties(),
    loadFunctions(),
    loadStates(),
  ]);
  return { state, participations, authorities, designations, laws };
}

export default function StatePage({ params }: PageProps) {
  const code = (params["state"] ?? "").toUpperCase();
  const name = `states/${code}`;
  const [loaded, retry] = useLoad(name, (signal) => everythingOf(name, signal));
  const title = loaded.answer && pick(loaded.answer.state.shortNames);
  return (
    <>
      <p class="crumb">
        <Link to="/states">{d("states")}</Link>
      </p>
      <PageTitle title={title?.text ?? code} lang={langOf(title)} />
      <Answer loaded={loaded} retry={retry}>
        {({ state, participations, authorities, designations, laws }) => (
          <>
            <p>
              <Link to="/" query={{ to: code }} class="button">
                {d("askIt")}
              </Link>
            </p>
            <StateFacts state={state} />
            <h2>{d("designations")}</h2>
            <DesignationList
              designations={designations}
              authorities={authorities}
              label={d("designations")}
            />
            <h2>{d("authorities")}</h2>
            {authorities.length === 0 && <p class="unknown">{d("none")}</p>}
            <ul class="plain">
              {authorities.map((authority) => (
                <li key={authority.name}>
                  <Link to={pathOfOffice(authority.name)}>
                    <OfficeName authority={authority} />
                  </Link>
                  <span class="muted">
                    {kindOfOffice(authority.kind) && ` · ${kindOfOffice(authority.kind)}`}
                  </span>
                  {authority.unit && (
                    <span class="muted">
                      {" · "}
                      <span lang="en">{authority.unit}</span>
                    </span>
                  )}
                </li>
              ))}
            </ul>
            <h2>{d("participations")}</h2>
            <Treaties participations={participations} />
            <h2>{d("laws")}</h2>
            <Laws laws={laws} />
            <History name={name} />
          </>
        )}
      </Answer>
    </>
  );
}

function StateFacts({ state }: { state: State }) {
  const formal = pick(state.formalNames);
  const others = state.shortNames.filter((one) => one.language !== language.value);
  return (
    <dl class="facts">
      <Fact name={d("formalName")}>
        {formal && <span lang={langOf(formal)}>{formal.text}</span>}
      </Fact>
      <Fact name={d("codes")}>
        <bdi class="code">
          {[codeOf(state.name), state.alpha2, state.m49].filter(Boolean).join(" · ")}
        </bdi>
      </Fact>
      <Fact name={d("territoryOf")}>
        {state.parent && (
          <Link to={`/states/${codeOf(state.parent)}`}>{titleOfState(state.parent)}</Link>
        )}
      </Fact>
      <Fact name={d("otherLanguages")}>
        {others.length > 0 && (
          <>
            {others.map((one, at) => (
              <>
                {at > 0 && " · "}
                <bdi key={one.language} lang={one.language}>
                  {one.text}
                </bdi>
              </>
            ))}
          </>
        )}
      </Fact>
      <Fact name={d("otherNames")}>
        {state.otherNames.length > 0 && (
          <>
            {state.otherNames.map((one, at) => (
              <>
                {at > 0 && " · "}
                <bdi key={one.text}>
                  {isFormer(one.kind) ? d("formerly", { name: one.text }) : one.text}
                </bdi>
              </>
            ))}
          </>
        )}
      </Fact>
      <Fact name={r("languages")}>
        {state.languages.length > 0 && formatList(state.languages.map(nameOfLanguage))}
      </Fact>
      <Fact name={d("timeZones")}>
        {state.timeZones.length > 0 && <bdi>{state.timeZones.join(", ")}</bdi>}
      </Fact>
      <Fact name={d("sourcesTitle")}>
        {state.sources.length > 0 && <Sources sources={state.sources} />}
      </Fact>
    </dl>
  );
}

/** All treaties of the directory, so that what is not known shows, too. */
function Treaties({ participations }: { participations: readonly Participation[] }) {
  const byTreaty = new Map(participations.map((one) => [one.name.split("/")[1], one]));
  return (
    <ParticipationTable
      label={d("participations")}
      first={d("treaty")}
      rows={treaties.value.map(({ name }) => ({
        key: name,
        path: `/${name}`,
        title: titleOfTreaty(name),
        participation: byTreaty.get(name.split("/")[1]),
      }))}
    />
  );
}

function Laws({ laws }: { laws: readonly Law[] }) {
  if (laws.length === 0) return <p class="unknown">{d("none")}</p>;
  return (
    <ul class="plain">
      {laws.map((law) => {
        const title = pick(law.titles);
        const path = `/laws/${codeOf(law.name)}/${law.name.split("/").at(-1)}`;
        const text = <span lang={langOf(title)}>{title?.text ?? law.name}</span>;
        return (
          <li key={law.name}>
            {match(pages, path) ? <Link to={path}>{text}</Link> : text}
            <span class="muted">
              {law.number && (
                <>
                  {" · "}
                  <bdi>{law.number}</bdi>
                </>
              )}
              {law.adopted && ` · ${formatDay(law.adopted)}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
