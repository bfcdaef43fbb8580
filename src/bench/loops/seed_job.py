"""seed_job.py LIST URL FOLDER: the job that this program replaces, ported to Python 3.

As it was but for three things: `details` are counted, not the answer's members; what is left in the queues at the end is
written, not lost; and the failed file is there in any case.
"""
import datetime
import json
import multiprocessing
import queue
import sys
import urllib.request

source, url, folder = sys.argv[1:4]


class Config:
    source_file = source
    profile_data_file = folder + "/results.txt"
    log_file = folder + "/log.txt"
    failed_customer_file = folder + "/failed.txt"
    process_count = 10
    url = url


class Job:
    def __init__(self):
        self._manager = multiprocessing.Manager()
        self._pool = multiprocessing.Pool(Config.process_count)
        self._customer_queue = self._manager.Queue()
        self._log_queue = self._manager.Queue()
        self._exception_queue = self._manager.Queue()

    def run(self):
        start_time = datetime.datetime.now()
        self.log("[Run started]")
        open(Config.failed_customer_file, "a").close()
        requests = self.get_requests(self.get_customers())
        result = self._pool.map_async(get_customer, requests)
        while not result.ready():
            self.process_customer_queue()
            self.process_log_queue()
            self.process_exceptions_queue()
        self._pool.close()
        self._pool.join()
        while self.process_customer_queue():
            pass
        while self.process_log_queue():
            pass
        while self.process_exceptions_queue():
            pass
        self.log("[Run finished]")
        self.log("[Total runtime: %s]" % (datetime.datetime.now() - start_time))

    def get_customers(self):
        return [line.strip() for line in open(Config.source_file).readlines()[1:]]

    def get_requests(self, customers):
        return [
            {
                "customer": customer,
                "data": self._customer_queue,
                "log": self._log_queue,
                "exceptions": self._exception_queue,
                "url": Config.url,
            }
            for customer in customers
        ]

    def process_customer_queue(self):
        try:
            message = self._customer_queue.get_nowait()
        except queue.Empty:
            return False
        outfile = open(Config.profile_data_file, "a")
        for record in message["server_response"]["details"]:
            buf = "%s, %s, %s, %s\n" % (
                message["customer"], record["id"], record["relevanceScore"], record["relevanceRank"])
            outfile.write(buf)
        outfile.close()
        return True

    def process_log_queue(self):
        try:
            message = self._log_queue.get_nowait()
        except queue.Empty:
            return False
        self.log(message)
        return True

    def process_exceptions_queue(self):
        try:
            message = self._exception_queue.get_nowait()
        except queue.Empty:
            return False
        self.log("EXCEPTION GETTING %s! - %s" % (message["customer"], message["exception"]))
        failed_file = open(Config.failed_customer_file, "a")
        failed_file.write("%s\n" % message["customer"])
        failed_file.close()
        return True

    def log(self, message):
        logfile = open(Config.log_file, "a")
        logfile.write("%s - %s\n" % (datetime.datetime.now().strftime("%Y/%m/%d %H:%M:%S"), message))
        logfile.close()


def get_customer(request):
    customer = request["customer"]
    try:
        request["log"].put("Requesting details for customer %s" % customer)
        response = urllib.request.urlopen(urllib.request.Request(request["url"].replace("{0}", customer)))
        data_records = json.loads(response.read())
        request["data"].put({"customer": customer, "server_response": data_records})
        request["log"].put("Successfully retrieved %d details(s) for %s" % (len(data_records["details"]), customer))
    except Exception as error:
        request["exceptions"].put({"customer": customer, "exception": str(error)})


if __name__ == "__main__":
    Job().run()
