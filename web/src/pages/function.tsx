// One function: its articles, and who has been designated for it.
import { Function_Article_Basis as Basis, type Function as Task } from "#gen/comity/v1/function_pb";
import { loadFunctions, loadTreaties, slugOf, titleOfTreaty } from "../catalogue";
import { directoryService } from "../client";
import { common } from "../common";
import { DesignationList } from "../components/designation_list";
import { History } from "../components/history";
import { PageTitle } from "../components/page_title";
import { Answer } from "../components/views";
import { allAuthorities, allDesignations } from "../directory";
import { d } from "../directory.messages";
import { langOf, pick } from "../i18n";
import { useLoad } from "../load";
import { Link, type PageProps } from "../router";
import { loadStates } from "../states";

async function everythingOf(name: string, signal: AbortSignal) {
  const [task, designations, authorities] = await Promise.all([
    directoryService().then((service) => service.getFunction({ name }, { signal })),
    allDesignations("states/-", { function: name }, signal),
    allAuthorities("states/-", signal),
    loadTreaties(),
    loadFunctions(),
    loadStates(),
  ]);
  return { task, designations, authorities };
}

export default function FunctionPage({ params }: PageProps) {
  const name = `functions/${params["id"] ?? ""}`;
  const [loaded, retry] = useLoad(name, (signal) => everythingOf(name, signal));
  const title = loaded.answer && pick(loaded.answer.task.titles);
  return (
    <>
      <p class="crumb">
        <Link to="/functions">{common("navFunctions")}</Link>
      </p>
      <PageTitle title={title?.text ?? slugOf(name)} lang={langOf(title)} />
      <Answer loaded={loaded} retry={retry}>
        {({ task, designations, authorities }) => (
          <>
            <p>
              <Link to="/" query={{ for: slugOf(name) }} class="button">
                {common("navHome")}
              </Link>
            </p>
            <h2>{d("articles")}</h2>
            <Articles task={task} />
            <h2>{d("designations")}</h2>
            <DesignationList
              designations={designations}
              authorities={authorities}
              label={d("designations")}
              withState
              without="function"
            />
            <History name={name} />
          </>
        )}
      </Answer>
    </>
  );
}

function wordsOf(basis: Basis): string {
  switch (basis) {
    case Basis.DESIGNATION:
      return d("basisDesignation");
    case Basis.SUBSTANCE:
      return d("basisSubstance");
    case Basis.UNUSUAL:
      return d("basisUnusual");
    default:
      return "";
  }
}

function Articles({ task }: { task: Task }) {
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={d("articles")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{d("treaty")}</th>
            <th scope="col">{d("article")}</th>
            <th scope="col">{d("basis")}</th>
          </tr>
        </thead>
        <tbody>
          {task.articles.map((article, at) => (
            <tr key={at}>
              <td>
                <Link to={`/treaties/${slugOf(article.treaty)}`}>
                  {titleOfTreaty(article.treaty)}
                </Link>
              </td>
              <td>
                <bdi>{article.citation}</bdi>
              </td>
              <td>{wordsOf(article.basis)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
