// A text field with a list of choices: the combobox of ARIA 1.2, with the list
// filtered while typing.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { announce } from "../announce";
import { common } from "../common";

export type Choice = {
  value: string;
  text: string;
  lang?: string | undefined;
  /** Beside the text: a code, or the name that matched. */
  detail?: string;
};

export function Combobox({
  label,
  hint,
  error,
  value,
  text,
  choices,
  suggest,
  onChoose,
  onOpen,
}: {
  label: string;
  hint?: string;
  error?: string | undefined;
  /** The choice that holds; "" for none. */
  value: string;
  /** What the field shows for it. */
  text: string;
  /** What fits what was typed, best first; of "" all. */
  choices: (typed: string) => Choice[];
  /** What may be meant where nothing fits. */
  suggest?: (typed: string, signal: AbortSignal) => Promise<Choice[]>;
  onChoose: (value: string) => void;
  /** Before the first list is shown, to fetch what is in it. */
  onOpen?: () => void;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  // What is being typed; undefined: the choice that holds.
  const [typed, setTyped] = useState<string>();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const [meant, setMeant] = useState<Choice[]>([]);
  const fitting = open ? choices(typed ?? "") : [];
  const shown = fitting.length > 0 ? fitting : meant;

  useEffect(() => {
    setMeant([]);
    if (!open || !typed || fitting.length > 0 || !suggest) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      suggest(typed, abort.signal).then(
        (found) => !abort.signal.aborted && setMeant(found),
        () => {},
      );
    }, 150);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [open, typed, fitting.length === 0]);

  useEffect(() => {
    if (open && typed !== undefined) announce(common("choices", { count: shown.length }));
  }, [open, typed, shown.length]);

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const show = () => {
    onOpen?.();
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    setAt(-1);
  };
  const choose = (choice: Choice) => {
    setTyped(undefined);
    close();
    onChoose(choice.value);
  };
  /** Leaving the field takes the only choice, or what was typed in full. */
  const leave = () => {
    if (open && typed) {
      const same = shown.filter((one) => one.text.toLowerCase() === typed.trim().toLowerCase());
      if (same.length === 1) return choose(same[0]!);
    }
    if (typed === "" && value) onChoose("");
    setTyped(undefined);
    close();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const last = shown.length - 1;
    switch (event.key) {
      case "ArrowDown":
        event.preventDefault();
        if (!open) show();
        else setAt(at >= last ? 0 : at + 1);
        break;
      case "ArrowUp":
        event.preventDefault();
        if (!open) show();
        else setAt(at <= 0 ? last : at - 1);
        break;
      case "Enter":
        if (open && shown.length > 0) {
          event.preventDefault();
          choose(shown[Math.max(at, 0)]!);
        }
        break;
      case "Escape":
        if (open) {
          event.preventDefault();
          close();
        }
        setTyped(undefined);
        break;
      case "Tab":
        if (open && at >= 0 && shown[at]) choose(shown[at]);
        break;
    }
  };

  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class={error ? "field combobox field-error" : "field combobox"}>
      <label for={`${id}-input`}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      <input
        ref={input}
        id={`${id}-input`}
        type="text"
        role="combobox"
        autoComplete="off"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded={open && shown.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={open && at >= 0 ? `${id}-${at}` : undefined}
        aria-describedby={told || undefined}
        aria-invalid={error ? true : undefined}
        value={typed ?? text}
        onFocus={(event) => {
          onOpen?.();
          event.currentTarget.select();
        }}
        onClick={show}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setAt(-1);
          show();
        }}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      <ul
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        hidden={!open || shown.length === 0}
        // The field keeps the focus, so that leaving it is leaving all.
        onMouseDown={(event) => event.preventDefault()}
      >
        {shown.map((choice, index) => (
          <li
            key={choice.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => choose(choice)}
          >
            <span lang={choice.lang}>{choice.text}</span>
            {choice.detail && <span class="detail">{choice.detail}</span>}
          </li>
        ))}
      </ul>
      {open && typed && shown.length === 0 && (
        <p class="no-match">{common("noMatch", { text: typed })}</p>
      )}
      {open && fitting.length === 0 && meant.length > 0 && (
        <p class="no-match above">{common("didYouMean")}</p>
      )}
    </div>
  );
}
