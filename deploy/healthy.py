"""Health check of a web container: exit code 0 if the process answers. Standard library only."""

import http.client
import os
import sys

connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
connection.request("GET", "/healthz", headers={"Host": os.environ["XIYUAN_HOSTS"].split(",")[0]})
sys.exit(connection.getresponse().status != http.HTTPStatus.OK)
