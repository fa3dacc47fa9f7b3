"""What the README says can be set reaches the containers."""

import re

from gateway.settings import GatewaySettings
from tests.fleet import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")


def test_what_the_readme_says_can_be_set_is_passed_on() -> None:
    """The sentence that names the variables of `docker-compose up`."""
    page = (ROOT / "README.md").read_text("utf-8")
    sentence = re.search(r"^.*can be set in the shell or in a file `\.env`", page, re.MULTILINE)
    assert sentence is not None
    names = set(re.findall(r"`(SIGAP_[A-Z_]+)`", sentence[0]))
    oidc = (name for name in GatewaySettings.model_fields if name.startswith("oidc_"))
    names |= {f"SIGAP_{name.upper()}" for name in oidc}
    assert len(names) > 15
    assert names <= set(re.findall(r"\$\{(SIGAP_[A-Z_]+):-", COMPOSE))
