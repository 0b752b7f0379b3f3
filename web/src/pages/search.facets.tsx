// What the hits are limited to, and could be.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { SearchFacetField, type SearchFacet } from "#gen/comity/v1/search_service_pb";
import { slugOf, titleOfTreaty } from "../catalogue";
import { common } from "../common";
import { comma, formatDay, formatNumber, nameOfLanguage } from "../i18n";
import { nameOfType } from "../library";
import { l } from "../library.messages";
import { here, setQuery } from "../router";
import { titleOfState } from "../states";
import { t } from "./search.messages";

type Field = {
  /** Of the address. */
  key: string;
  /** Of SearchFilter. */
  filter: string;
  /** What it is counted by; undefined: by nothing. */
  field?: SearchFacetField;
  title: () => string;
  name: (value: string) => string;
};

function nameOfArticle(value: string): string {
  const [treaty = "", article] = value.split("/");
  const title = titleOfTreaty(treaty);
  return article ? title + comma.value + common("article", { article }) : title;
}

/** In the order in which they are shown. */
export const fields: readonly Field[] = [
  {
    key: "kind",
    filter: "kinds",
    field: SearchFacetField.KIND,
    title: () => t("facetKind"),
    name: (value) => (value === "law" ? l("law") : l("authority")),
  },
  {
    key: "state",
    filter: "states",
    field: SearchFacetField.STATE,
    title: () => t("facetState"),
    name: titleOfState,
  },
  {
    key: "in",
    filter: "languages",
    field: SearchFacetField.LANGUAGE,
    title: () => t("facetLanguage"),
    name: nameOfLanguage,
  },
  {
    key: "type",
    filter: "types",
    field: SearchFacetField.TYPE,
    title: () => t("facetType"),
    name: nameOfType,
  },
  {
    key: "treaty",
    filter: "treaties",
    field: SearchFacetField.TREATY,
    title: () => t("facetTreaty"),
    name: nameOfArticle,
  },
  {
    key: "subject",
    filter: "subjects",
    field: SearchFacetField.SUBJECT,
    title: () => t("facetSubject"),
    name: (value) => value.replaceAll("_", " "),
  },
  {
    key: "law",
    filter: "laws",
    title: () => l("law"),
    name: (value) => slugOf(value),
  },
];

// Wide enough for the limits to stand beside the results.
const wide = matchMedia("(min-width: 52rem)");

export function Limits({
  facets,
  children,
}: {
  facets: readonly SearchFacet[];
  /** Before them. */
  children: ComponentChildren;
}) {
  const [open, setOpen] = useState(wide.matches);
  useEffect(() => {
    const follow = () => setOpen(wide.matches);
    wide.addEventListener("change", follow);
    return () => wide.removeEventListener("change", follow);
  }, []);
  return (
    <details
      class="facets no-print"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{t("refine")}</summary>
      {children}
      {fields.map((field) => (
        <Facet
          key={field.key}
          field={field}
          facet={facets.find((one) => one.field === field.field)}
        />
      ))}
    </details>
  );
}

function Facet({ field, facet }: { field: Field; facet: SearchFacet | undefined }) {
  const { query } = here.value;
  const chosen = query.getAll(field.key);
  const values = (facet?.values ?? []).map(({ value, count }) => ({ value, count }));
  for (const value of chosen) {
    if (!values.some((one) => one.value === value)) values.push({ value, count: 0n });
  }
  if (values.length === 0) return null;
  const toggle = (value: string, on: boolean) => {
    const others = chosen.filter((one) => one !== value);
    setQuery({ [field.key]: on ? [...others, value] : others, pages: "" });
  };
  return (
    <fieldset class="facet">
      <legend>{field.title()}</legend>
      {values.map(({ value, count }) => (
        <label key={value} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={(event) => toggle(value, event.currentTarget.checked)}
          />
          <span lang={field.key === "subject" ? "en" : undefined}>{field.name(value)}</span>
          <span class="muted count">{formatNumber(count)}</span>
        </label>
      ))}
      {facet && facet.valuesTotal > facet.values.length && (
        <button
          type="button"
          class="link-button"
          onClick={() => setQuery({ values: "all" }, { replace: true })}
        >
          {t("allValues", { count: facet.valuesTotal })}
        </button>
      )}
    </fieldset>
  );
}

/** The limits that hold, each to be removed. */
export function ActiveLimits() {
  const { query } = here.value;
  const limits = fields.flatMap((field) =>
    query.getAll(field.key).map((value) => ({
      id: `${field.key} ${value}`,
      text: field.name(value),
      remove: () =>
        setQuery({ [field.key]: query.getAll(field.key).filter((one) => one !== value), pages: "" }),
    })),
  );
  for (const key of ["from", "until"] as const) {
    const day = query.get(key);
    if (!day) continue;
    limits.push({
      id: key,
      text: `${t(key)} ${formatDay(day)}`,
      remove: () => setQuery({ [key]: "", pages: "" }),
    });
  }
  if (limits.length === 0) return null;
  const none = Object.fromEntries([...fields.map(({ key }) => key), "from", "until", "pages"].map((key) => [key, ""]));
  return (
    <div class="limits no-print">
      <span class="muted">{t("active")}</span>
      {limits.map(({ id, text, remove }) => (
        <button
          key={id}
          type="button"
          class="chip"
          aria-label={t("remove", { text })}
          onClick={remove}
        >
          {text} <span aria-hidden="true">×</span>
        </button>
      ))}
      {limits.length > 1 && (
        <button type="button" class="link-button" onClick={() => setQuery(none)}>
          {t("clear")}
        </button>
      )}
    </div>
  );
}
