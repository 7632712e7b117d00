"""Programs that train one step of models nobody here wrote: ``transformers``, random small configurations."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Case:
    """One model.

    Attributes
    ----------
    name
        The architecture.
    family
        What kind of model it is.
    program
        Builds it as ``model``, and ends with ``loss.backward()``.
    """

    name: str
    family: str
    program: str


_HEAD = """\
import torch
from transformers import {config}Config, {model}

model = {model}({config}Config({options}))
"""

_TEXT = "vocab_size=96, hidden_size=32, intermediate_size=64, num_hidden_layers=4, num_attention_heads=4"
_SHORT = "bos_token_id=1, eos_token_id=2, pad_token_id=0"
_TOKENS = "tokens = torch.randint(3, 96, (2, 9))\n"
_LABELLED = _TOKENS + "loss = model(input_ids=tokens, labels=tokens).loss\nloss.backward()\n"
_IMAGE = "image = torch.randn(2, 3, {0}, {0})\n"
_CLASSES = "loss = model(pixel_values=image, labels=torch.tensor([1, 0])).loss\nloss.backward()\n"
_HIDDEN = "loss = model({0}).last_hidden_state.square().mean()\nloss.backward()\n"


def _case(family: str, name: str, config: str, model: str, options: str, rest: str) -> Case:
    return Case(name, family, _HEAD.format(config=config, model=model, options=options) + dedent(rest))


def _decoder(name: str, config: str, model: str, options: str = _TEXT) -> Case:
    return _case("decoder", name, config, model, f"{options}, {_SHORT}", _LABELLED)


def _encoder(name: str, config: str, options: str = _TEXT) -> Case:
    return _case("encoder", name, config, f"{config}ForMaskedLM", f"{options}, {_SHORT}", _LABELLED)


def _pair(name: str, config: str, model: str, options: str) -> Case:
    more = f"{options}, {_SHORT}, decoder_start_token_id=1"
    return _case("encoder-decoder", name, config, model, more, _LABELLED)


def _vision(name: str, config: str, options: str, size: int = 32) -> Case:
    return _case("vision", name, config, f"{config}ForImageClassification", options, _IMAGE.format(size) + _CLASSES)


_GPT2 = "vocab_size=96, n_embd=32, n_layer=4, n_head=4, n_positions=32"
_SHAPES = "hidden_size=32, intermediate_size=64, num_hidden_layers=4, num_attention_heads=4"
_VIT = f"{_SHAPES}, image_size=32, patch_size=8"
_SPEECH = f"{_SHAPES}, conv_dim=(16, 16), conv_kernel=(10, 4), conv_stride=(5, 4), num_feat_extract_layers=2, "
_SPEECH += "num_conv_pos_embeddings=8, num_conv_pos_embedding_groups=4, layerdrop=0.0, mask_time_prob=0.0"
_BART = "vocab_size=96, d_model=32, encoder_layers=3, decoder_layers=3, encoder_attention_heads=4, "
_BART += "decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=32"
_EXPERTS = "num_key_value_heads=2, output_router_logits=True"
_MAMBA2 = "vocab_size=96, hidden_size=32, num_hidden_layers=4, num_heads=8, head_dim=8, state_size=8, n_groups=2, "
_MAMBA2 += "chunk_size=8"

CASES: tuple[Case, ...] = (
    _decoder("GPT-2", "GPT2", "GPT2LMHeadModel", _GPT2),
    _decoder(
        "GPT-Neo",
        "GPTNeo",
        "GPTNeoForCausalLM",
        "vocab_size=96, hidden_size=32, num_layers=4, num_heads=4, "
        "attention_types=[[['global', 'local'], 2]], max_position_embeddings=32",
    ),
    _decoder("GPT-NeoX", "GPTNeoX", "GPTNeoXForCausalLM"),
    _decoder("Llama", "Llama", "LlamaForCausalLM", f"{_TEXT}, num_key_value_heads=2"),
    _decoder("Mistral", "Mistral", "MistralForCausalLM", f"{_TEXT}, num_key_value_heads=2"),
    _decoder("Qwen2", "Qwen2", "Qwen2ForCausalLM", f"{_TEXT}, num_key_value_heads=2"),
    _decoder("Gemma", "Gemma", "GemmaForCausalLM", f"{_TEXT}, num_key_value_heads=2, head_dim=8"),
    _decoder("Gemma 2", "Gemma2", "Gemma2ForCausalLM", f"{_TEXT}, num_key_value_heads=2, head_dim=8"),
    _decoder("Phi", "Phi", "PhiForCausalLM"),
    _decoder(
        "OPT",
        "OPT",
        "OPTForCausalLM",
        "vocab_size=96, hidden_size=32, word_embed_proj_dim=32, ffn_dim=64, "
        "num_hidden_layers=4, num_attention_heads=4, max_position_embeddings=32",
    ),
    _decoder("BLOOM", "Bloom", "BloomForCausalLM", "vocab_size=96, hidden_size=32, n_layer=4, n_head=4"),
    _decoder(
        "Falcon",
        "Falcon",
        "FalconForCausalLM",
        "vocab_size=96, hidden_size=32, num_hidden_layers=4, num_attention_heads=4",
    ),
    _encoder("BERT", "Bert"),
    _encoder("RoBERTa", "Roberta"),
    _encoder("DistilBERT", "DistilBert", "vocab_size=96, dim=32, hidden_dim=64, n_layers=4, n_heads=4"),
    _encoder("ELECTRA", "Electra", f"{_TEXT}, embedding_size=16"),
    _encoder("ALBERT", "Albert", f"{_TEXT}, embedding_size=16"),
    _encoder("DeBERTa", "Deberta", f"{_TEXT}, relative_attention=True, pos_att_type='c2p|p2c'"),
    _encoder("DeBERTa-v2", "DebertaV2", f"{_TEXT}, relative_attention=True, pos_att_type='c2p|p2c'"),
    _pair(
        "T5",
        "T5",
        "T5ForConditionalGeneration",
        "vocab_size=96, d_model=32, d_kv=8, d_ff=64, num_layers=4, num_heads=4",
    ),
    _pair("BART", "Bart", "BartForConditionalGeneration", _BART),
    _pair("Pegasus", "Pegasus", "PegasusForConditionalGeneration", _BART),
    _pair("Marian", "Marian", "MarianMTModel", _BART),
    _vision("ViT", "ViT", _VIT),
    _vision("DeiT", "DeiT", _VIT),
    _vision(
        "Swin",
        "Swin",
        "image_size=32, patch_size=2, embed_dim=16, depths=[2, 2, 3], num_heads=[2, 2, 4], window_size=4",
    ),
    _vision("ConvNeXt", "ConvNext", "hidden_sizes=[8, 16, 24, 32], depths=[2, 2, 3, 2]"),
    _vision("ResNet", "ResNet", "embedding_size=8, hidden_sizes=[16, 24, 32, 40], depths=[2, 2, 4, 2]", 64),
    _case(
        "vision",
        "CLIP",
        "CLIP",
        "CLIPModel",
        f"text_config=dict(vocab_size=96, {_SHAPES}, {_SHORT}), vision_config=dict({_VIT}), projection_dim=16",
        _IMAGE.format(32) + _TOKENS + "tokens[:, -1] = 2\n"
        "loss = model(input_ids=tokens, pixel_values=image, return_loss=True).loss\nloss.backward()\n",
    ),
    _case(
        "audio",
        "Wav2Vec2",
        "Wav2Vec2",
        "Wav2Vec2ForCTC",
        f"vocab_size=20, {_SPEECH}",
        "sound = torch.randn(2, 1600)\n"
        "loss = model(input_values=sound, labels=torch.randint(1, 20, (2, 5))).loss\nloss.backward()\n",
    ),
    _case(
        "audio",
        "HuBERT",
        "Hubert",
        "HubertModel",
        _SPEECH,
        "sound = torch.randn(2, 1600)\n" + _HIDDEN.format("input_values=sound"),
    ),
    _case(
        "audio",
        "Whisper",
        "Whisper",
        "WhisperForConditionalGeneration",
        f"{_BART.replace(', max_position_embeddings=32', '')}, num_mel_bins=8, max_source_positions=20, "
        f"max_target_positions=32, {_SHORT}, decoder_start_token_id=1",
        "features = torch.randn(2, 8, 40)\n"
        "loss = model(input_features=features, labels=torch.randint(3, 96, (2, 6))).loss\nloss.backward()\n",
    ),
    _case(
        "mixture of experts",
        "Mixtral",
        "Mixtral",
        "MixtralForCausalLM",
        f"{_TEXT}, {_SHORT}, {_EXPERTS}, num_local_experts=4",
        _LABELLED,
    ),
    _case(
        "mixture of experts",
        "Qwen2-MoE",
        "Qwen2Moe",
        "Qwen2MoeForCausalLM",
        f"{_TEXT}, {_SHORT}, {_EXPERTS}, num_experts=4, num_experts_per_tok=2, moe_intermediate_size=32, "
        "shared_expert_intermediate_size=32",
        _LABELLED,
    ),
    _case(
        "state space",
        "Mamba",
        "Mamba",
        "MambaForCausalLM",
        f"vocab_size=96, hidden_size=32, num_hidden_layers=4, state_size=8, {_SHORT}",
        _LABELLED,
    ),
    _case("state space", "Mamba-2", "Mamba2", "Mamba2ForCausalLM", f"{_MAMBA2}, {_SHORT}", _LABELLED),
)
