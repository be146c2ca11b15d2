"""A page in a browser that is watched."""


def visited(context, url, home):
    """Opens a page and collects, in `page.trouble`, errors and all requests that leave `home`."""
    page = context.new_page()
    page.trouble = []
    inside = (home, home.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda request: request.url.startswith(inside) or page.trouble.append(request.url))
    page.on("requestfailed", lambda request: page.trouble.append(f"{request.url}: {request.failure}"))
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    if home.startswith("file"):  # JupyterLab has errors of its own
        page.on("console", lambda message: message.type == "error" and page.trouble.append(message.text))
    page.goto(url)
    return page
