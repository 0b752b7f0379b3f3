// Languages, texts and formats. A page keeps its texts in a file of its own,
// `pages/NAME.messages.ts`; a language that is missing there does not compile.
import { computed, effect, signal } from "@preact/signals";

export const languages = ["en", "fr", "es", "ru", "ar", "zh"] as const;
export type Language = (typeof languages)[number];

/** What each language calls itself. */
export const languageNames: Record<Language, string> = {
  en: "English",
  fr: "Français",
  es: "Español",
  ru: "Русский",
  ar: "العربية",
  zh: "中文",
};

/**
 * A text with `{placeholders}`, or its forms by the plural category of the
 * parameter `count`, as Intl.PluralRules names them.
 */
export type Text = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Message = Record<Language, Text>;
export type Parameters = Record<string, string | number>;

function isLanguage(text: string | null | undefined): text is Language {
  return languages.includes(text as Language);
}

function chosenLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  if (isLanguage(asked)) return asked;
  const kept = readKept("language");
  if (isLanguage(kept)) return kept;
  for (const tag of navigator.languages) {
    const base = tag.toLowerCase().split("-")[0];
    if (isLanguage(base)) return base;
  }
  return "en";
}

/** What the reader chose before; null where the browser keeps nothing. */
export function readKept(key: string): string | null {
  try {
    return localStorage.getItem(`comity.${key}`);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`comity.${key}`, value);
  } catch {
    // The choice then lasts as long as the page.
  }
}

export const language = signal<Language>(chosenLanguage());
export const direction = computed(() => (language.value === "ar" ? "rtl" : "ltr"));

effect(() => {
  document.documentElement.lang = language.value;
  document.documentElement.dir = direction.value;
});

/** The language of the URL, or the one that was kept; for back and forward. */
export function followUrlLanguage(): void {
  language.value = chosenLanguage();
}

// Digits as in the rest of the page's data (dates, numbers of articles) for all.
const locale = computed(() => {
  if (language.value === "ar") return "ar-u-nu-latn-ca-gregory";
  return language.value === "en" ? "en-GB" : language.value;
});

/** A value such as `18(13)` keeps its own order within Arabic. */
function isolated(value: string): string {
  const foreign = direction.value === "rtl" && value && !/\p{Script=Arabic}/u.test(value);
  return foreign ? `\u2066${value}\u2069` : value;
}

export function fill(text: string, parameters: Parameters): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = parameters[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? formatNumber(value) : isolated(value);
  });
}

/** Texts of a page: `const t = messages({...}); t("title", { count: 3 })`. */
export function messages<const Table extends Record<string, Message>>(table: Table) {
  const translate = (key: keyof Table & string, parameters: Parameters = {}): string => {
    const text: Text = table[key]![language.value];
    if (typeof text === "string") return fill(text, parameters);
    const category = plurals.value.select(Number(parameters["count"] ?? 0));
    return fill(text[category] ?? text.other, parameters);
  };
  return Object.assign(translate, { table: table as Record<string, Message> });
}

// Formats are slow to make: once for each language, and only when needed.
const numbers = computed(() => new Intl.NumberFormat(locale.value));
const plurals = computed(() => new Intl.PluralRules(language.value));
const lists = computed(() => new Intl.ListFormat(locale.value, { type: "conjunction" }));
const languageTags = computed(() => new Intl.DisplayNames([locale.value], { type: "language" }));
const times = computed(
  () => new Intl.DateTimeFormat(locale.value, { dateStyle: "medium", timeStyle: "short" }),
);
const dayFormat = (style: Intl.DateTimeFormatOptions) =>
  computed(
    () => new Intl.DateTimeFormat(locale.value, { timeZone: "UTC", year: "numeric", ...style }),
  );
const years = dayFormat({});
const months = dayFormat({ month: "long" });
const days = dayFormat({ month: "long", day: "numeric" });

/** What stands between two parts of a name: `Kenya, article 6`. */
export const comma = computed(() =>
  language.value === "ar" ? "، " : language.value === "zh" ? "，" : ", ",
);

export function formatNumber(value: number | bigint): string {
  // Digits are the same in all languages of the pages.
  const isShort = value > -1000 && value < 1000 && (typeof value === "bigint" || Number.isInteger(value));
  return isShort ? String(value) : numbers.value.format(value);
}

/** A day or partial day of the contract; anything else as it is. */
export function formatDay(day: string): string {
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(day);
  if (!parts) return day;
  const [, year, month, date] = parts;
  const time = new Date(0);
  time.setUTCFullYear(Number(year), Number(month ?? 1) - 1, Number(date ?? 1));
  if (Number.isNaN(time.getTime())) return day;
  return (date ? days : month ? months : years).value.format(time);
}

export function formatTime(time: Date): string {
  return times.value.format(time);
}

/** `Lithuanian` for `lt`, in the language of the page. */
export function nameOfLanguage(tag: string): string {
  try {
    return languageTags.value.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

export function formatList(items: string[]): string {
  return lists.value.format(items);
}

/** How long before `today` a day or partial day was: `12 years`; "" if after. */
export function ageOf(day: string, today: string): string {
  const from = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(day);
  const to = /^(\d{4})-(\d\d)-(\d\d)/.exec(today);
  if (!from || !to || day > today) return "";
  const months =
    (Number(to[1]) - Number(from[1])) * 12 +
    (Number(to[2]) - Number(from[2] ?? 12)) -
    (from[3] && Number(to[3]) < Number(from[3]) ? 1 : 0);
  if (months < 0) return "";
  const unit = months >= 24 ? "year" : months >= 2 ? "month" : "day";
  const count =
    unit === "year"
      ? Math.floor(months / 12)
      : unit === "month"
        ? months
        : Math.round((Date.parse(to[0]) - Date.parse(day.padEnd(10, "-28").slice(0, 10))) / 864e5);
  if (!Number.isFinite(count) || count < 0) return "";
  return new Intl.NumberFormat(locale.value, { style: "unit", unit, unitDisplay: "long" }).format(
    count,
  );
}

/** Today's day in UTC, as the server counts. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

type Localized = { text: string; language: string };

/** The text in the language of the page, else in English, else the first. */
export function pick(texts: readonly Localized[]): Localized | undefined {
  return (
    texts.find((one) => one.language === language.value) ??
    texts.find((one) => one.language === "en") ??
    texts[0]
  );
}

/** The `lang` that an element with this text needs; undefined: the page's. */
export function langOf(text: Localized | undefined): string | undefined {
  return text && text.language !== language.value ? text.language || undefined : undefined;
}
