// Designations as a table: whom, for what, under what.
import type { Authority } from "#gen/comity/v1/authority_pb";
import type { Designation } from "#gen/comity/v1/designation_pb";
import { slugOf, titleOfFunction, titleOfTreaty } from "../catalogue";
import { d } from "../directory.messages";
import { language } from "../i18n";
import { r } from "../records.messages";
import { Link } from "../router";
import { codeOf, titleOfState } from "../states";
import { lastSaid } from "./designation";
import { OfficeName, pathOfOffice } from "./office";
import { Age } from "./sources";

export function DesignationList({
  designations,
  authorities,
  label,
  withState = false,
  without,
}: {
  designations: readonly Designation[];
  /** Those that are known by more than their name. */
  authorities: readonly Authority[];
  label: string;
  withState?: boolean;
  /** What the page itself is about. */
  without?: "function" | "treaty";
}) {
  if (designations.length === 0) return <p class="unknown">{d("none")}</p>;
  const compare = new Intl.Collator(language.value).compare;
  const state = ({ name }: Designation) => titleOfState(`states/${codeOf(name)}`);
  const rows = withState
    ? [...designations].sort((a, b) => compare(state(a), state(b)))
    : designations;
  const byName = new Map(authorities.map((one) => [one.name, one]));
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={label}>
      <table>
        <thead>
          <tr>
            {withState && <th scope="col">{d("state")}</th>}
            <th scope="col">{r("office")}</th>
            {without !== "function" && <th scope="col">{d("task")}</th>}
            {without !== "treaty" && <th scope="col">{d("treaty")}</th>}
            <th scope="col">{d("article")}</th>
            <th scope="col">{r("designation")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.name}>
              {withState && (
                <th scope="row">
                  <Link to={`/states/${codeOf(one.name)}`}>{state(one)}</Link>
                </th>
              )}
              <td>
                <OfficeLink name={one.authority} authority={byName.get(one.authority)} />
              </td>
              {without !== "function" && (
                <td>
                  <Link to={`/functions/${slugOf(one.function)}`}>
                    {titleOfFunction(one.function)}
                  </Link>
                </td>
              )}
              {without !== "treaty" && (
                <td>
                  <Link to={`/treaties/${slugOf(one.treaty)}`}>{titleOfTreaty(one.treaty)}</Link>
                </td>
              )}
              <td>
                <bdi>{one.article}</bdi>
              </td>
              <td>
                <Age day={lastSaid(one)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function OfficeLink({ name, authority }: { name: string; authority: Authority | undefined }) {
  if (!name) return <span class="unknown">{r("noOffice")}</span>;
  return (
    <Link to={pathOfOffice(name)}>
      {authority ? <OfficeName authority={authority} /> : slugOf(name)}
    </Link>
  );
}
