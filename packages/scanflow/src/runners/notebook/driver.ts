/**
 * Runs a notebook in a kernel of its environment; started as `python -c <this> <notebook> <params.json> <target>`.
 * It stands here as text, so that it is there wherever the compiled module is.
 *
 * The parameters become a cell after the one tagged `parameters` (the convention of papermill), or the first cell.
 * Output of cells is printed as it comes; the notebook is written with its outputs, also when a cell fails. What is run
 * again is the same file: no times and no random ids are in it.
 */
export const notebookDriver = String.raw`
import json, keyword, os, re, sys

try:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
except ImportError as error:
    sys.exit(f"the environment cannot run notebooks: {error}")

source, params_file, target = sys.argv[1:4]
INVALID = 65


def invalid(reason):
    print(reason, file=sys.stderr)
    sys.exit(INVALID)


try:
    with open(source, encoding="utf-8") as file:
        notebook = nbformat.reads(file.read(), as_version=4)
    nbformat.validate(notebook)
except Exception as error:
    invalid(f"{type(error).__name__}: {error}")

with open(params_file, encoding="utf-8") as file:
    params = json.load(file)

kernel = notebook.metadata.get("kernelspec", {})
language = kernel.get("language") or notebook.metadata.get("language_info", {}).get("name") or "python"
if language.lower() not in ("python", "python3", "ipython"):
    invalid(f"the notebook is written in {language}, and only Python notebooks are run")


def identifier(name):
    name = re.sub(r"\W", "_", name)
    return f"_{name}" if name[0].isdigit() or keyword.iskeyword(name) else name


def tagged(tag):
    cells = enumerate(notebook.cells)
    return next((at for at, cell in cells if tag in cell.metadata.get("tags", [])), None)


if params:
    lines = ["# Parameters"] + [f"{identifier(name)} = {value!r}" for name, value in params.items()]
    named = {"id": "injected-parameters", "metadata": {"tags": ["injected-parameters"]}}
    cell = nbformat.v4.new_code_cell("\n".join(lines), **named)
    before = tagged("injected-parameters")
    if before is not None:
        notebook.cells[before] = cell
    else:
        declared = tagged("parameters")
        notebook.cells.insert(0 if declared is None else declared + 1, cell)
    if notebook.nbformat_minor < 5:
        for one in notebook.cells:
            one.pop("id", None)


class Client(NotebookClient):
    def output(self, outs, msg, display_id, cell_index):
        content = msg["content"]
        if msg["msg_type"] == "stream":
            print(content["text"], end="", flush=True)
        return super().output(outs, msg, display_id, cell_index)


def plain(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


client = Client(
    notebook,
    timeout=None,
    kernel_name="python3",
    record_timing=False,
    resources={"metadata": {"path": os.getcwd()}},
    extra_arguments=["--HistoryManager.enabled=False", "--IPKernelApp.log_level=40"],
)
try:
    client.execute()
except CellExecutionError as error:
    failed = [at for at, cell in enumerate(notebook.cells) if any(
        output.get("output_type") == "error" for output in cell.get("outputs", []))]
    at = failed[-1] if failed else -1
    print(f"cell {at + 1} of {len(notebook.cells)} failed:", file=sys.stderr)
    if failed:
        print("\n".join("    " + line for line in notebook.cells[at].source.splitlines()[:40]), file=sys.stderr)
        for output in notebook.cells[at].outputs:
            if output.get("output_type") == "error":
                print(plain("\n".join(output.get("traceback", []))), file=sys.stderr)
    print(f"{error.ename}: {plain(error.evalue)}", file=sys.stderr)
    sys.exit(1)
except DeadKernelError as error:
    sys.exit(f"the kernel died: {error}")
finally:
    os.makedirs(os.path.dirname(target), exist_ok=True)
    nbformat.write(notebook, target)
`;
