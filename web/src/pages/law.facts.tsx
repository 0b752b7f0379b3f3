// What is known of a law, and ways to pass it on.
import type { DateBound } from "#gen/comity/v1/common_pb";
import { LawRelation_Kind, type Expression, type Law, type Mapping } from "#gen/comity/v1/law_pb";
import { announce } from "../announce";
import { slugOf, titleOfTreaty } from "../catalogue";
import { common } from "../common";
import { Fact, TextList } from "../components/office";
import { isWebAddress, Sources } from "../components/sources";
import { d } from "../directory.messages";
import { comma, formatDay, formatNumber, langOf } from "../i18n";
import {
  lawPath,
  nameOfDegree,
  nameOfKind,
  nameOfLawType,
  nameOfStatus,
  nameOfText,
  textOf,
  titleOfLaw,
} from "../library";
import { r } from "../records.messages";
import { Link } from "../router";
import { codeOf, titleOfState } from "../states";
import { t } from "./law.messages";

const relationKeys = {
  [LawRelation_Kind.UNSPECIFIED]: "cites",
  [LawRelation_Kind.AMENDS]: "amends",
  [LawRelation_Kind.REPEALS]: "repeals",
  [LawRelation_Kind.IMPLEMENTS]: "implements",
  [LawRelation_Kind.CITES]: "cites",
  [LawRelation_Kind.INTERPRETS]: "interprets",
} as const;

export function Facts({ law, mappings }: { law: Law; mappings: readonly Mapping[] }) {
  const shown = titleOfLaw(law);
  const others = [...law.titles, ...law.shortTitles].filter((one) => one !== shown);
  const type = [nameOfLawType(law.type), law.typeAsStated].filter(Boolean);
  const whole = mappings.filter(({ provision }) => !provision);
  return (
    <dl class="facts">
      <Fact name={t("number")}>{law.number && <bdi>{law.number}</bdi>}</Fact>
      <Fact name={t("type")}>{type.length > 0 && <bdi>{type.join(" · ")}</bdi>}</Fact>
      <Fact name={t("status")}>{nameOfStatus(law.status)}</Fact>
      <Fact name={t("adopted")}>{law.adopted && formatDay(law.adopted)}</Fact>
      <Fact name={t("published")}>{law.published && formatDay(law.published)}</Fact>
      <Fact name={t("entry")}>{law.inForce && formatDay(law.inForce)}</Fact>
      <Fact name={t("repealedOn")}>{law.repealed && formatDay(law.repealed)}</Fact>
      <Fact name={t("territory")}>{law.territory && <bdi>{law.territory}</bdi>}</Fact>
      <Fact name={t("otherTitles")}>
        {others.length > 0 && (
          <>
            {others.map((one, at) => (
              <>
                {at > 0 && " · "}
                <bdi key={one.text} lang={langOf(one)}>
                  {one.text}
                </bdi>
              </>
            ))}
          </>
        )}
      </Fact>
      <Fact name={t("subjects")}>
        {law.subjects.length > 0 && <bdi>{law.subjects.join(" · ")}</bdi>}
      </Fact>
      <Fact name={t("carriesOut")}>
        {whole.length > 0 && (
          <ul>
            {whole.map((one) => (
              <li key={one.name}>
                <MappingLine mapping={one} />
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact name={t("relations")}>
        {law.relations.length > 0 && (
          <ul>
            {law.relations.map(({ kind, law: other, citation }) => (
              <li key={`${kind} ${other} ${citation}`}>
                {t(relationKeys[kind])}{" "}
                {other ? (
                  <Link to={lawPath(other)}>
                    <bdi>{citation || slugOf(other)}</bdi>
                  </Link>
                ) : (
                  <bdi>{citation}</bdi>
                )}
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact name={t("portal")}>
        {isWebAddress(law.uri) && (
          <a href={law.uri} rel="noreferrer external">
            <bdi>{law.uri}</bdi>
          </a>
        )}
      </Fact>
      <Fact name={r("notes")}>
        {law.notes.length > 0 && <TextList items={law.notes} lang="en" />}
      </Fact>
      <Fact name={d("sourcesTitle")}>
        {law.sources.length > 0 && <Sources sources={law.sources} />}
      </Fact>
    </dl>
  );
}

/** `UNTOC, article 6: carries it out in part, says …`. */
export function MappingLine({ mapping }: { mapping: Mapping }) {
  return (
    <>
      <Link to={`/${mapping.treaty}`}>
        <bdi>{titleOfTreaty(mapping.treaty)}</bdi>
        {mapping.article && comma.value + common("article", { article: mapping.article })}
      </Link>
      {" – "}
      {nameOfDegree(mapping.degree)}
      {mapping.statedBy && <span class="muted"> ({t("statedBy", { who: mapping.statedBy })})</span>}
    </>
  );
}

function bound(one: DateBound | undefined): string {
  switch (one?.bound.case) {
    case "date":
      return formatDay(one.bound.value);
    case "open":
      return "";
    default:
      return "?";
  }
}

/** All texts of the law, whatever is being read. */
export function Texts({ expressions }: { expressions: readonly Expression[] }) {
  if (expressions.length === 0) return null;
  return (
    <>
      <h2>{t("texts")}</h2>
      <div class="table-scroll" tabIndex={0} role="group" aria-label={t("texts")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("text")}</th>
              <th scope="col">{t("kind")}</th>
              <th scope="col">{t("applies")}</th>
              <th scope="col">{t("provisions")}</th>
              <th scope="col">{d("sourcesTitle")}</th>
            </tr>
          </thead>
          <tbody>
            {expressions.map((one) => (
              <tr key={one.name}>
                <th scope="row">
                  <Link to={lawPath(one.name)} query={{ text: textOf(one.name) }}>
                    {nameOfText(one)}
                  </Link>
                </th>
                <td>{nameOfKind(one)}</td>
                <td>
                  {one.validFrom || one.validUntil
                    ? `${bound(one.validFrom)} – ${bound(one.validUntil)}`
                    : common("notKnown")}
                </td>
                <td>{formatNumber(one.provisionCount)}</td>
                <td>{one.sources.length > 0 && <Sources sources={one.sources} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce(t("copied"));
  } catch {
    announce(t("copyFailed"));
  }
}

/** Where this text, or a provision of it, is read. */
export function addressOf(expression: Expression, provision = ""): string {
  const path = `${lawPath(expression.name)}?text=${encodeURIComponent(textOf(expression.name))}`;
  return `${location.origin}${path}${provision && `#${provision}`}`;
}

/** `Kenya, Anti-Money Laundering Act (No. 9 of 2009), s. 3 (English, 2012). https://…`. */
export function citationOf(law: Law, expression: Expression, provision?: { id: string; label: string }): string {
  const title = titleOfLaw(law)?.text ?? law.name;
  const parts = [
    titleOfState(codeOf(law.name)),
    law.number && !title.includes(law.number) ? `${title} (${law.number})` : title,
    provision?.label ?? "",
  ].filter(Boolean);
  const what = `${nameOfText(expression)}; ${nameOfKind(expression)}`;
  return `${parts.join(", ")} (${what}). ${addressOf(expression, provision?.id)}`;
}

export function Actions({ law, expression }: { law: Law; expression: Expression }) {
  return (
    <div class="actions no-print">
      <button type="button" onClick={() => copy(citationOf(law, expression))}>
        {t("cite")}
      </button>
      <button type="button" onClick={() => copy(addressOf(expression))}>
        {t("share")}
      </button>
      <button type="button" onClick={() => print()}>
        {t("print")}
      </button>
      <Link class="button" to="/search" query={{ law: law.name, q: "" }}>
        {t("searchIn")}
      </Link>
    </div>
  );
}
