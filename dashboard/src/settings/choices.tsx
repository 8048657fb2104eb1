import { useId } from 'react';

interface Props<Word extends string> {
  legend: string;
  all: readonly Word[];
  words: Readonly<Record<Word, string>>;
  value: Word;
  onChange: (value: Word) => void;
}

/** One of a few, all of them visible. */
export function Choices<Word extends string>(props: Props<Word>) {
  const { legend, all, words, value, onChange } = props;
  const name = useId();
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      <div className="choice-row">
        {all.map((word) => (
          <label key={word} className="choice">
            <input
              type="radio"
              name={name}
              checked={word === value}
              onChange={() => onChange(word)}
            />
            {words[word]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
