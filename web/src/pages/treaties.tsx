// All treaties of the directory.
import { loadTreaties, slugOf, treaties } from "../catalogue";
import { common } from "../common";
import { PageTitle } from "../components/page_title";
import { Answer } from "../components/views";
import { d } from "../directory.messages";
import { formatDay, langOf, pick } from "../i18n";
import { useLoad } from "../load";
import { Link } from "../router";

export default function Treaties() {
  const [loaded, retry] = useLoad("treaties", loadTreaties);
  return (
    <>
      <PageTitle title={d("participations")}>
        <p class="lead">{d("treatiesLead")}</p>
      </PageTitle>
      <Answer loaded={loaded} retry={retry}>
        {() => (
          <div class="table-scroll" tabIndex={0} role="group" aria-label={d("participations")}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{d("treaty")}</th>
                  <th scope="col">{d("adopted")}</th>
                  <th scope="col">{d("entry")}</th>
                  <th scope="col">{d("parties")}</th>
                </tr>
              </thead>
              <tbody>
                {treaties.value.map((treaty) => {
                  const short = pick(treaty.shortTitles);
                  const full = pick(treaty.titles);
                  return (
                    <tr key={treaty.name}>
                      <th scope="row">
                        <Link to={`/treaties/${slugOf(treaty.name)}`}>
                          <span lang={langOf(short ?? full)}>{(short ?? full)?.text}</span>
                        </Link>
                        {short && full && (
                          <span class="line muted small plain-weight">
                            <span lang={langOf(full)}>{full.text}</span>
                          </span>
                        )}
                      </th>
                      <td>{treaty.adopted && formatDay(treaty.adopted)}</td>
                      <td>{treaty.entryIntoForce && formatDay(treaty.entryIntoForce)}</td>
                      <td>
                        {treaty.participationsAsOf ? (
                          common("asOf", { day: formatDay(treaty.participationsAsOf) })
                        ) : (
                          <span class="unknown">{common("notKnown")}</span>
                        )}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
    </>
  );
}
