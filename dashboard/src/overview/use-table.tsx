import { useState } from 'react';

/** A button between a picture and its table. */
export function useTable(what: string): { isTable: boolean; toggle: React.ReactNode } {
  const [isTable, setIsTable] = useState(false);
  return {
    isTable,
    toggle: (
      <button
        type="button"
        className="button button-small button-quiet"
        aria-pressed={isTable}
        aria-label={`${what} as a table`}
        onClick={() => setIsTable(!isTable)}
      >
        Table
      </button>
    ),
  };
}
