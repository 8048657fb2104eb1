/** Chooses one service or all; an empty `value` is all. */
export function ServiceSelect({
  value,
  services,
  onChange,
}: {
  value: string;
  services: readonly string[];
  onChange: (this: void, service: string) => void;
}) {
  return (
    <label className="field">
      <span className="hidden">Service</span>
      <select value={value} onChange={({ target }) => onChange(target.value)}>
        <option value="">All services</option>
        {services.map((service) => (
          <option key={service} value={service}>
            {service}
          </option>
        ))}
      </select>
    </label>
  );
}
