class Link:
    def __init__(self, host):
        self.host = host

    def send(self):
        return "ping " + self.host


class Probe:
    link = None

    def __init__(self, host):
        self.__class__.link = Link(host)

    def check(self):
        return self.link.send()
