/** Folders that hold what was made from code, or belongs to tools. */
const ignored = new Set(
  ".scanflow .git .venv venv node_modules dist __pycache__ .ipynb_checkpoints .mypy_cache .pytest_cache .ruff_cache mlruns mlartifacts mlflow.db".split(
    " ",
  ),
);

/** Whether a file or folder of this name is never part of an application's code. */
export function isIgnored({ name }: { readonly name: string }): boolean {
  return ignored.has(name);
}
