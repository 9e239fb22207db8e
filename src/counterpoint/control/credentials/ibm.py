"""Access tokens of IBM Cloud for an API key (https://cloud.ibm.com/docs/account?topic=account-iamtoken_from_apikey)."""

import time

from counterpoint.control.credentials.asking import ask_form, lifetime_in, token_in
from counterpoint.control.credentials.values import Grant, IbmKey

CLOUD = "IBM Cloud"


def fetch_ibm(source: IbmKey) -> Grant:
    """A token. Raises `Complaint`."""
    now = time.time()
    url = f"{source.authority}/identity/token"
    form = {"grant_type": "urn:ibm:params:oauth:grant-type:apikey", "apikey": source.key}
    fields = ask_form(CLOUD, url, form)
    return Grant(now + lifetime_in(fields), token_in(CLOUD, url, fields))
