/** A variable of the environment, which must be there. */
export function variable(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: bench/peers/README.md`)
  return value
}
