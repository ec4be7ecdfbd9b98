"""How somebody of the story signs in."""

from tests.browser.hands import Pointer
from tests.browser.world import World


def sign_in(hands: Pointer, world: World, email: str) -> None:
    hands.visit("/account/sign-in/")
    hands.write("E-mail address", email)
    hands.write("Password", world.passwords[email])
    hands.push("Sign in")
