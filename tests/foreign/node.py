"""The foreign verifiers as one process for many questions."""

import json
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIGITAL_BAZAAR = "@digitalbazaar"
DIGITAL_CREDENTIALS_CONSORTIUM = "@digitalcredentials"
BOTH = (DIGITAL_BAZAAR, DIGITAL_CREDENTIALS_CONSORTIUM)


def node():
    """The machine's node, or the one that set-up takes where there is none."""
    own = ROOT / "var" / "tools" / "bin" / "node"
    found = str(own) if own.exists() else shutil.which("node")
    if found is None or not (ROOT / "node_modules" / "jose").exists():
        raise AssertionError("The verifiers of others are not installed. Run: make verifiers")
    return found


class Verifiers:
    """A context in which others are asked what they think of a credential."""

    def __enter__(self):
        self._process = subprocess.Popen(
            [node(), str(Path(__file__).with_name("verifier.mjs"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=20)

    def ask(self, question, **request):
        """The answer to one question of `verifier.mjs`."""
        self._process.stdin.write(json.dumps({"ask": question, **request}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the foreign verifiers ended: see what they wrote to standard error"
        return json.loads(answer)
