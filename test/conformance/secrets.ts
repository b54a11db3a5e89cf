const NAME = "CONFORMANCE_SECRET";

/** The secrets that cases ask for, as the owner finds them in its environment. */
export const secrets = { [NAME]: "s3cret word" };

/** Puts the secrets into the environment of this process, until the returned function is called. */
export function provideSecrets(): () => void {
  Object.assign(process.env, secrets);
  return () => {
    for (const name of Object.keys(secrets)) delete process.env[name];
  };
}
