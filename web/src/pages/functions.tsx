// What authorities can be competent for.
import { functions, loadFunctions, loadTreaties, slugOf, titleOfTreaty } from "../catalogue";
import { common } from "../common";
import { PageTitle } from "../components/page_title";
import { Answer } from "../components/views";
import { d } from "../directory.messages";
import { langOf, language, pick } from "../i18n";
import { useLoad } from "../load";
import { Link } from "../router";

export default function Functions() {
  const [loaded, retry] = useLoad("functions", () =>
    Promise.all([loadFunctions(), loadTreaties()]),
  );
  return (
    <>
      <PageTitle title={common("navFunctions")}>
        <p class="lead">{d("functionsLead")}</p>
      </PageTitle>
      <Answer loaded={loaded} retry={retry}>
        {() => <List />}
      </Answer>
    </>
  );
}

function List() {
  const compare = new Intl.Collator(language.value).compare;
  const rows = functions.value
    .map((one) => ({ one, title: pick(one.titles) }))
    .sort((a, b) => compare(a.title?.text ?? "", b.title?.text ?? ""));
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={common("navFunctions")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{d("task")}</th>
            <th scope="col">{d("articles")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ one, title }) => (
            <tr key={one.name}>
              <th scope="row">
                <Link to={`/functions/${slugOf(one.name)}`}>
                  <span lang={langOf(title)}>{title?.text ?? slugOf(one.name)}</span>
                </Link>
              </th>
              <td>
                {one.articles.map((article, at) => (
                  <span key={at} class="line">
                    {titleOfTreaty(article.treaty)} <bdi>{article.citation}</bdi>
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
