/** Posts to a route of a tracker below `/api/2.0/mlflow/`; throws when it is refused. */
export async function post<Answer = Record<string, unknown>>(
  url: string,
  route: string,
  body: object,
): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const asked = { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await fetch(`${url}/api/2.0/mlflow/${route}`, asked);
  if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
