using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// Writes sentences of pseudo text one after another (the grammar of TPC-H clause 4.2.2.14). Every choice, of a form or of a word, takes
/// one draw.
/// </summary>
internal ref struct SentenceWriter(Span<byte> target, uint seed)
{
    /// <summary>
    /// An upper bound on the bytes of a sentence, including those after its end that the store of the last word overwrites.
    /// </summary>
    public const int MaxLength = 512;

    private readonly Span<byte> _target = target;
    private RandomStream _random = new(seed);

    public int Position { get; private set; }

    public readonly uint Seed => _random.Seed;

    /// <summary>
    /// Writes whole sentences until fewer than <see cref="MaxLength"/> bytes are left, or at least <paramref name="enough"/> are written.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(int enough)
    {
        while (Position < enough && _target.Length - Position >= MaxLength)
        {
            Sentence();
            Debug.Assert(Position <= _target.Length - WordList.SlotLength, "a sentence was longer than is possible");
        }
    }

    // sentence: N V T (3), N V P T (3), N V N T (3), N P V N T (1), N P V P T (1)
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sentence()
    {
        long form = _random.Draw(11);
        NounPhrase();
        if (form >= 9)
        {
            PrepositionalPhrase();
        }

        VerbPhrase();
        if (form is 9 or (>= 6 and < 9))
        {
            NounPhrase();
        }
        else if (form is 10 or (>= 3 and < 6))
        {
            PrepositionalPhrase();
        }

        // A terminator replaces the blank after the last word.
        Position--;
        Word(Vocabulary.Terminators);
    }

    // noun phrase: N (10), J N (20), J, J N (10), D J N (50)
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void NounPhrase()
    {
        long form = _random.Draw(90);
        if (form >= 40)
        {
            Word(Vocabulary.Adverbs);
        }
        else if (form >= 30)
        {
            Word(Vocabulary.AdjectivesBeforeAnother);
        }

        if (form >= 10)
        {
            Word(Vocabulary.Adjectives);
        }

        Word(Vocabulary.Nouns);
    }

    // verb phrase: V (30), X V (1), V D (40), X V D (1)
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void VerbPhrase()
    {
        long form = _random.Draw(72);
        if (form is 30 or 71)
        {
            Word(Vocabulary.Auxiliaries);
        }

        Word(Vocabulary.Verbs);
        if (form > 30)
        {
            Word(Vocabulary.Adverbs);
        }
    }

    private void PrepositionalPhrase()
    {
        Word(Vocabulary.Prepositions);
        NounPhrase();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Word(WordList words)
    {
        long draw = _random.Draw(words.TotalWeight);
        Position += words.Write(draw, ref Unsafe.Add(ref MemoryMarshal.GetReference(_target), Position));
    }
}
