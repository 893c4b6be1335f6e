/**
 * Which libraries, how they are installed and which of their tests are run. Chosen for what the program finds in them; versions are
 * pinned, so that two runs differ in the program only.
 *
 * Where a suite takes longer than four minutes, or needs a network, the folders and files are named that have to do with findings.
 */

export interface Recipe {
  /** On the Python package index. */
  readonly name: string;
  readonly version: string;
  /** What its tests need besides the library itself, as for `pip install`. */
  readonly requirements: readonly string[];
  /** The folders that modules are imported from, relative to the source. */
  readonly roots: readonly string[];
  /** What pytest runs, relative to the source. */
  readonly tests: readonly string[];
  /** More options for pytest. */
  readonly options: readonly string[];
  /** Files that its tests need and that were not published with them, by their path in the source. */
  readonly additions?: Readonly<Record<string, string>>;
}

const PYTEST = 'pytest==9.2.0';

/** The configured options of a library ask for plugins that are of no use here. */
const OWN_OPTIONS = ['-o', 'addopts='];

export const recipes: readonly Recipe[] = [
  {
    name: 'pygments',
    version: '2.21.0',
    requirements: [PYTEST, 'wcag-contrast-ratio'],
    roots: ['.'],
    tests: ['tests'],
    options: OWN_OPTIONS,
  },
  {
    name: 'docutils',
    version: '0.23',
    requirements: [PYTEST, 'pygments==2.21.0'],
    roots: ['.'],
    tests: ['test'],
    options: OWN_OPTIONS,
  },
  {
    name: 'jmespath',
    version: '1.1.0',
    requirements: [PYTEST],
    roots: ['.'],
    tests: ['tests'],
    options: OWN_OPTIONS,
    additions: { 'tests/__init__.py': 'import json, unittest\nfrom collections import OrderedDict\n' },
  },
  {
    name: 'cherrypy',
    version: '18.10.0',
    requirements: [PYTEST, 'setuptools==80.9.0', 'path', 'requests_toolbelt', 'objgraph'],
    roots: ['.'],
    tests: ['cherrypy/test'],
    // Which test an exception in a destructor is put down to is chance; the states are those of other processes; nothing serves
    // memcached here.
    options: [
      ...OWN_OPTIONS,
      ...['-p', 'no:unraisableexception', '--ignore=cherrypy/test/test_states.py', '-k', 'not Memcached'],
    ],
  },
  {
    name: 'ipython',
    version: '9.18.1',
    requirements: [PYTEST, 'pytest-asyncio', 'testpath', 'packaging', 'setuptools', 'numpy', 'matplotlib', 'pandas'],
    roots: ['.'],
    tests: ['tests'],
    options: OWN_OPTIONS,
  },
  {
    name: 'moto',
    version: '5.2.5',
    requirements: [PYTEST, 'moto[all,server]==5.2.5', 'jinja2'],
    roots: ['.'],
    // All of it takes an hour. What holds a finding, and what is built on it.
    tests: [
      'tests/test_core',
      'tests/test_logs',
      'tests/test_stepfunctions',
      'tests/test_ec2/test_vpcs.py',
      'tests/test_ec2/test_vpc_peering.py',
      'tests/test_ec2/test_transit_gateway.py',
    ],
    options: [...OWN_OPTIONS, '-m', 'not network and not requires_docker'],
  },
  {
    name: 'sympy',
    version: '1.14.0',
    requirements: [PYTEST, 'hypothesis', 'numpy', 'antlr4-python3-runtime==4.11.1', 'lark'],
    roots: ['.'],
    // All of it takes an hour. The packages that hold a finding.
    tests: ['sympy/tensor', 'sympy/parsing'],
    options: ['-o', 'addopts=', '-m', 'not slow and not tooslow'],
  },
  {
    name: 'pytest',
    version: '9.2.0',
    requirements: ['pytest==9.2.0', 'attrs', 'hypothesis', 'pexpect', 'xmlschema', 'requests', 'setuptools'],
    roots: ['src'],
    // All of it takes six minutes. What holds a finding, and what uses paths and configuration.
    tests: [
      'testing/_py',
      'testing/logging',
      'testing/test_config.py',
      'testing/test_subtests.py',
      'testing/test_debugging.py',
      'testing/test_pathlib.py',
    ],
    options: [],
  },
  {
    name: 'sphinx',
    version: '9.2.0',
    requirements: [PYTEST, 'defusedxml', 'pytest-xdist'],
    roots: ['.'],
    tests: ['tests/test_ext_autodoc', 'tests/test_builders', 'tests/test_writers'],
    options: OWN_OPTIONS,
  },
  {
    name: 'twisted',
    version: '26.10.0',
    requirements: [PYTEST, 'twisted[test,tls,conch]==26.10.0'],
    roots: ['src'],
    tests: [
      'src/twisted/conch/test/test_conch.py',
      'src/twisted/conch/test/test_scripts.py',
      'src/twisted/mail/test/test_imap.py',
      'src/twisted/mail/test/test_pop3client.py',
      'src/twisted/mail/test/test_smtp.py',
      'src/twisted/trial/test/test_runner.py',
      'src/twisted/test/test_adbapi.py',
      'src/twisted/test/test_twistd.py',
      'src/twisted/internet/test/test_endpoints.py',
    ],
    options: OWN_OPTIONS,
  },
  {
    name: 'tornado',
    version: '6.6.1',
    requirements: [PYTEST],
    roots: ['.'],
    tests: ['tornado/test'],
    options: OWN_OPTIONS,
    // As its own runner has it.
    additions: {
      'conftest.py': 'import logging\n\nlogging.getLogger("tornado.access").setLevel(logging.CRITICAL)\n',
    },
  },
  {
    name: 'pelican',
    version: '4.12.0',
    requirements: [PYTEST, 'markdown', 'beautifulsoup4', 'lxml', 'typogrify'],
    roots: ['.'],
    tests: ['pelican/tests'],
    options: OWN_OPTIONS,
  },
  {
    name: 'networkx',
    version: '3.7',
    requirements: [PYTEST, 'numpy', 'scipy'],
    roots: ['.'],
    // All of it takes ten minutes. The package that holds a finding, and the largest that are configured by it.
    tests: ['networkx/utils', 'networkx/classes', 'networkx/readwrite'],
    options: OWN_OPTIONS,
  },
  {
    name: 'prompt_toolkit',
    version: '3.0.53',
    requirements: [PYTEST],
    roots: ['src'],
    tests: ['tests'],
    options: OWN_OPTIONS,
  },
  {
    name: 'celery',
    version: '5.7.0',
    requirements: [PYTEST, 'celery[sqlalchemy,couchdb]==5.7.0'],
    roots: ['.'],
    // All of it takes five minutes. What holds a finding.
    tests: [
      't/unit/utils',
      't/unit/events',
      't/unit/worker',
      't/unit/app/test_app.py',
      't/unit/backends/test_couchdb.py',
      't/unit/concurrency/test_gevent.py',
    ],
    options: OWN_OPTIONS,
  },
];
