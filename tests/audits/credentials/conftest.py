"""The verifiers of others, started once for all the tests of credentials."""

import pytest

from tests.foreign.node import Verifiers


@pytest.fixture(scope="session")
def others():
    with Verifiers() as asked:
        yield asked
