-- Größen der Station
module Weather.Station (Probe (..), scale) where

import qualified Data.Map as M
import Data.List (sort, nub)
import Weather.Units

data Probe a = Wired { pin :: Int, value :: a } | Lost Int deriving Show

newtype Name = Name { unName :: String }

type Table = M.Map Int Name

class Show a => Readable a where
  readOne :: a -> Int
  readOne _ = 1

instance Readable Int where
  readOne n = n

-- Scales a value.
scale :: Int -> Int
scale 0 = 1
scale n = let half = n in half * total rest
  where
    rest = M.lookup n table
    total x = x

limit = 3

double x = x + x
double' x = scale (double x)

main = do
  line <- getLine
  mapM_ (\item -> print item) (sort line)
