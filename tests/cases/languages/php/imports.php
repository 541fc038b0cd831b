<?php

use Closure;
use \Throwable;
use Library\Shelf;
use Library\Book as Volume, Library\Pages\Page;
use function Library\open;
use const Library\LIMIT as MOST;
use Library\{Reader, Writer as Author, Sub\Chapter, function close, const DEPTH};

require_once __DIR__ . '/bootstrap.php';
require 'vendor/autoload.php';
include_once "parts/head.php";
include $dynamic;
$settings = require dirname(__DIR__) . '/config/app.php';
return (include './last.php')['key'];
