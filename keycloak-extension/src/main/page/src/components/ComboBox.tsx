import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { TextInput, type TextInputProps } from "../pf";

interface Props extends Pick<TextInputProps, "aria-describedby" | "aria-label" | "isDisabled" | "placeholder" | "validated"> {
  id: string;
  value: string;
  onChange: (value: string) => void;
  /** What is suggested; anything else can be typed. */
  names: string[];
  /** Whether suggestions are wanted now. */
  onAsk: (asks: boolean) => void;
}

/** A line of text with suggestions below it, as WAI-ARIA describes a combobox with a list. */
export function ComboBox({ id, value, onChange, names, onAsk, ...input }: Props) {
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const shown = open && names.length > 0 && !(names.length === 1 && names[0] === value);
  const marked = shown ? names[active] : undefined;
  const list = `${id}:names`;
  const box = useRef<HTMLUListElement>(null);
  // Below a field at the page's lower end nobody would see it.
  useEffect(() => {
    // What it returns, in newer browsers a promise, is nothing to clean up.
    box.current?.scrollIntoView({ block: "nearest" });
  }, [shown]);
  const show = (wanted: boolean) => { setOpen(wanted); setActive(-1); onAsk(wanted); };
  const choose = (name: string) => { onChange(name); show(false); };
  const move = (by: number) => setActive((at) => (at === -1 && by < 0 ? names.length - 1 : (at + by + names.length) % names.length));
  const onKeyDown = (event: KeyboardEvent) => {
    const press = pressed(event, shown, marked);
    if (press === undefined) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    switch (press) {
      case "open": return show(true);
      case "next": return move(1);
      case "previous": return move(-1);
      case "close": return show(false);
      case "choose": return choose(marked ?? value);
    }
  };
  return (
    <div className="writ-combo">
      <TextInput
        {...input}
        id={id}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={shown ? list : undefined}
        aria-activedescendant={marked === undefined ? undefined : `${list}:${active}`}
        value={value}
        onChange={(_, next) => { onChange(next); show(true); }}
        onKeyDown={onKeyDown}
        onBlur={() => show(false)}
        spellCheck={false}
        autoComplete="off"
      />
      {shown && (
        <ul ref={box} id={list} role="listbox" aria-label="Suggestions" className="writ-suggestions">
          {names.map((name, index) => (
            <li
              key={name}
              id={`${list}:${index}`}
              role="option"
              aria-selected={index === active}
              ref={(row) => { if (index === active) { row?.scrollIntoView({ block: "nearest" }); } }}
              // The focus stays in the field.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(name)}
            >
              {name}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

type Press = "open" | "next" | "previous" | "close" | "choose";

/** What a key does here; nothing that the browser should not do as usual. */
function pressed({ key }: KeyboardEvent, shown: boolean, marked: string | undefined): Press | undefined {
  switch (key) {
    case "ArrowDown": return shown ? "next" : "open";
    case "ArrowUp": return shown ? "previous" : undefined;
    case "Escape": return shown ? "close" : undefined;
    case "Enter": return marked === undefined ? undefined : "choose";
    default: return undefined;
  }
}
